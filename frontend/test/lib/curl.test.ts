import { describe, expect, it } from 'vitest'
import { isCurl, parseCurl, shellWords, writeCurl } from '../../src/lib/curl'

describe('reading cURL', () => {
  it.each([
    ['curl http://a/b', { method: 'GET', url: 'http://a/b' }],
    ['$ curl a.test/x', { method: 'GET', url: 'http://a.test/x' }],
    ["curl 'http://a/b?x=1&y=%E4%BD%A0+b'", { method: 'GET', url: 'http://a/b', params: { x: '1', y: '你 b' } }],
    ["curl 'http://a/b?x=1&x=2'", { method: 'GET', url: 'http://a/b', params: [{ name: 'x', value: '1' }, { name: 'x', value: '2' }] }],
    ['curl -X DELETE http://a/1', { method: 'DELETE', url: 'http://a/1' }],
    ['curl -XPUT http://a/1', { method: 'PUT', url: 'http://a/1' }],
    ['curl -sSLk http://a', { method: 'GET', url: 'http://a', verify: false }],
    ['curl -I http://a', { method: 'HEAD', url: 'http://a' }],
    ["curl http://a -H 'Accept: */*' -H 'X-A: b: c'", { method: 'GET', url: 'http://a', headers: { Accept: '*/*', 'X-A': 'b: c' } }],
    ["curl http://a -H 'Content-Type: application/json' -d '{\"a\": [1]}'", { method: 'POST', url: 'http://a', json: { a: [1] } }],
    ["curl http://a --json '{\"a\":1}'", { method: 'POST', url: 'http://a', json: { a: 1 } }],
    ["curl http://a -d a=1 -d 'b=x y'", { method: 'POST', url: 'http://a', data: { a: '1', b: 'x y' } }],
    ["curl http://a --data-urlencode 'q=a&b'", { method: 'POST', url: 'http://a', data: { q: 'a&b' } }],
    ["curl -G http://a -d q=1", { method: 'GET', url: 'http://a', params: { q: '1' } }],
    ["curl http://a -H 'Content-Type: text/plain' --data-raw 'a=b'",
      { method: 'POST', url: 'http://a', headers: { 'Content-Type': 'text/plain' }, data: 'a=b' }],
    ["curl http://a -F file=@x/a.txt -F note=hi", { method: 'POST', url: 'http://a', upload: { file: 'x/a.txt', note: 'hi' } }],
    ["curl -u ann:secret http://a", { method: 'GET', url: 'http://a', auth: { type: 'basic', username: 'ann', password: 'secret' } }],
    ["curl http://a -b 'a=1; b=2'", { method: 'GET', url: 'http://a', cookies: { a: '1', b: '2' } }],
    ["curl http://a -H 'Cookie: a=1'", { method: 'GET', url: 'http://a', cookies: { a: '1' } }],
    ['curl -m 5 http://a', { method: 'GET', url: 'http://a', timeout: 5 }],
    ['curl --compressed --max-time 5 --url http://a | jq .', { method: 'GET', url: 'http://a', timeout: 5 }],
    ['curl \\\n  -H "A: \\"b\\"" \\\n  http://a', { method: 'GET', url: 'http://a', headers: { A: '"b"' } }],
    ["curl http://a --data-raw $'{\"a\":\"\\u4f60\\'\\n\"}'", { method: 'POST', url: 'http://a', data: '{"a":"你\'\n"}' }],
    ['curl ^"http://a/b^" ^\r\n  -H ^"Accept: */*^" ^\r\n  --data-raw ^"^{^\\^"a^\\^":1^}^"',
      { method: 'POST', url: 'http://a/b', headers: { Accept: '*/*' }, json: { a: 1 } }],
  ])('%s', (text, request) => {
    expect(parseCurl(text)).toEqual(request)
  })

  it.each(['', 'http://a', 'curly x', 'curl', 'wget http://a'])('leaves %j alone', (text) => {
    expect(parseCurl(text)).toBeUndefined()
  })

  it('knows a command when it sees one', () => {
    expect(isCurl(' curl http://a')).toBe(true)
    expect(isCurl('curled')).toBe(false)
  })

  it('does not choke on an open quote', () => {
    expect(shellWords("curl 'abc")).toEqual(['curl', 'abc'])
  })
})

describe('writing cURL', () => {
  it.each([
    { method: 'GET', url: 'http://a/b' },
    { method: 'GET', url: 'http://a/b', params: { q: 'a b&c', n: '你' } },
    { method: 'POST', url: 'http://a', headers: { 'X-A': "it's" }, json: { a: [1, 'x'] } },
    { method: 'POST', url: 'http://a', data: { a: '1', b: 'x y' } },
    { method: 'PUT', url: 'http://a', headers: { 'Content-Type': 'text/plain' }, data: 'plain & simple' },
    { method: 'POST', url: 'http://a', upload: { file: 'x/a.txt', note: 'hi' } },
    { method: 'GET', url: 'http://a', auth: { type: 'basic', username: 'ann', password: 'se cret' }, verify: false },
    { method: 'GET', url: 'http://a', cookies: { a: '1' }, timeout: 5 },
  ])('what was written reads back: %j', (request) => {
    expect(parseCurl(writeCurl(request))).toEqual(request)
  })

  it('puts the base URL before a relative one, keeps variables readable, and leaves disabled rows out', () => {
    const text = writeCurl({
      method: 'GET', url: '/users', params: [{ name: 'id', value: '$id' }, { name: 'x', value: '1', enabled: false }],
    }, 'http://api/')
    expect(text).toContain("http://api/users?id=$id")
    expect(text).not.toContain('x=1')
  })
})
