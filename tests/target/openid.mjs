// A real OpenID provider for tests: any name signs in, `mallory` without a verified address.
// node openid.mjs FOLDER_OF_NODE_MODULES REDIRECT_URI [REDIRECT_URI ...]; prints its issuer when it answers.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'

const [modules, ...redirects] = process.argv.slice(2)
const { Provider } = await import(pathToFileURL(createRequire(`${modules}/`).resolve('oidc-provider')))

const server = createServer()
await new Promise((ready) => server.listen(0, '127.0.0.1', ready))
const issuer = `http://127.0.0.1:${server.address().port}`
const provider = new Provider(issuer, {
  clients: [{ client_id: 'hat', client_secret: 'a secret between the two', redirect_uris: redirects }],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  pkce: { required: () => true },
  async findAccount(_context, id) {
    const email = id === 'mallory' ? 'root@example.com' : `${id}@example.com`
    const claims = { sub: id, name: `${id[0].toUpperCase()}${id.slice(1)} Example`, preferred_username: id, email }
    return { accountId: id, claims: async () => ({ ...claims, email_verified: id !== 'mallory' }) }
  },
})
// Its pages would ask another host for a font.
provider.use(async (context, next) => {
  await next()
  if (typeof context.body === 'string') context.body = context.body.replace(/@import[^;]*;/, '')
})
server.on('request', provider.callback())
console.log(issuer)
