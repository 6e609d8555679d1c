import { afterEach, describe, expect, it } from 'vitest'
import catalogue from '../../hat/cli/failures.zh.json'
import { sentences } from '../src/api/speaker'
import { failureText, setFailures } from '../src/lib/failure'

const say = sentences(catalogue)

describe('a failure in Chinese', () => {
  it.each([
    ['status_code: expected 200, got 404', 'status_code：应为 200，实际是 404'],
    ['body.item.tags: expected length 9, got length 2: ["classic", "tea"]', 'body.item.tags：长度应为 9，实际长度为 2：["classic", "tea"]'],
    ['GET http://127.0.0.1/: no response within 30 s', 'GET http://127.0.0.1/：30 秒内没有响应'],
    ["variable 'text' is not defined; known here: a, b", '变量“text”未定义；这里已知：a, b'],
    ['body.name: expected one of [1], got "no value: it"', 'body.name：应是 [1] 之一，实际是 "no value: it"'],
    ['body.id: expected "1" (text), got 1 (number)', 'body.id：应为 "1"（文本），实际是 1（数字）'],
    ['the author said so', 'the author said so'],
  ])('%s', (english, chinese) => expect(say(english)).toBe(chinese))

  afterEach(() => setFailures())

  it('is shown once the catalogue is there, line by line', async () => {
    const message = 'body: differs in 2 places\n  body.a: expected 1, it is missing'
    const loaded = Promise.resolve(say)
    setFailures(() => loaded)
    expect(failureText(message)).toBe(message)
    await loaded
    await Promise.resolve()
    expect(failureText(message)).toBe('body：有 2 处不同\n  body.a：应为 1，实际缺少')
    setFailures()
    expect(failureText(message)).toBe(message)
  })
})
