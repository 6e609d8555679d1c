// Builds the application (hat/web/dist/app) and, with `--mode report`, the single-file report template.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { baseCompile, type CompileOptions } from '@intlify/message-compiler'
import tailwindcss from '@tailwindcss/vite'
import vue from '@vitejs/plugin-vue'
import { defineConfig, type Plugin } from 'vite'

const root = import.meta.dirname

/** Compiles the texts of the catalogues, so that pages carry no compiler and wrong syntax stops the build. */
function compileWords(): Plugin {
  const compiled = (text: unknown): unknown =>
    typeof text === 'string'
      ? baseCompile(text, { jit: true, minify: true, mangle: true, location: false, onError: fail(text) } as CompileOptions).ast
      : Object.fromEntries(Object.entries(text as object).map(([key, inner]) => [key, compiled(inner)]))
  const fail = (text: string) => (problem: Error) => {
    throw new Error(`${problem.message}: ${text}`)
  }
  return {
    name: 'hat-words',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/src\/i18n\/\w+\/\w+\.json$/.test(id)) return
      return { code: JSON.stringify(compiled(JSON.parse(code))), map: null }
    },
  }
}

/** Writes `.gz` and `.br` beside each built file, for WhiteNoise. */
function precompress(): Plugin {
  let folder = ''
  const files = (path: string): string[] =>
    readdirSync(path).flatMap((name) => {
      const full = join(path, name)
      return statSync(full).isDirectory() ? files(full) : [full]
    })
  return {
    name: 'hat-precompress',
    apply: 'build',
    configResolved(config) {
      folder = resolve(config.root, config.build.outDir)
    },
    closeBundle() {
      for (const file of files(folder)) {
        if (!/\.(js|css|svg|json)$/.test(file)) continue
        const content = readFileSync(file)
        writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }))
        writeFileSync(
          `${file}.br`,
          brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 10 } }),
        )
      }
    },
  }
}

/** Puts every script and style into the page itself, so that the report is one file. */
function inlineAll(): Plugin {
  return {
    name: 'hat-inline',
    apply: 'build',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = Object.values(bundle).find((file) => file.fileName.endsWith('.html'))
      if (!page || page.type !== 'asset') throw new Error('the report page was not built')
      const styles: string[] = []
      const scripts: string[] = []
      for (const [name, file] of Object.entries(bundle)) {
        if (file === page) continue
        if (file.type === 'chunk') scripts.push(file.code)
        else if (name.endsWith('.css')) styles.push(String(file.source))
        else throw new Error(`the report is one file, but the build made ${name}`)
        delete bundle[name]
      }
      if (scripts.length !== 1) throw new Error(`the report is one script, but the build made ${scripts.length}`)
      // Vite would list what to preload at this mark; in one file there is nothing.
      const script = scripts[0].replaceAll('__VITE_PRELOAD__', 'void 0').replaceAll('</script', '<\\/script')
      const html = String(page.source)
        .replace(/<script type="module"[^>]*><\/script>\s*/g, '')
        .replace(/<link rel="(stylesheet|modulepreload)"[^>]*>\s*/g, '')
      page.source = html
        .replace('</head>', () => `<style>${styles.join('\n')}</style>\n</head>`)
        .replace('</body>', () => `<script type="module">${script}</script>\n</body>`)
    },
  }
}

export default defineConfig(({ command, mode }) => {
  const report = mode === 'report'
  const outDir = resolve(root, report ? '../hat/reports/dist' : '../hat/web/dist/app')
  const backend = process.env.HAT_BACKEND ?? 'http://127.0.0.1:8700'
  return {
    root,
    base: command === 'build' && !report ? '/static/app/' : '/',
    publicDir: report ? false : 'public',
    // One copy of VueUse: Reka would bring its own older one.
    resolve: { alias: { '@': resolve(root, 'src') }, dedupe: ['@vueuse/core', '@vueuse/shared'] },
    plugins: [compileWords(), vue(), tailwindcss(), report ? inlineAll() : precompress()],
    define: {
      __VUE_OPTIONS_API__: 'false',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'false',
      __VUE_I18N_LEGACY_API__: 'false',
      __VUE_I18N_FULL_INSTALL__: 'false',
      __INTLIFY_PROD_DEVTOOLS__: 'false',
      __INTLIFY_DROP_MESSAGE_COMPILER__: 'true',
    },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2022',
      reportCompressedSize: false,
      chunkSizeWarningLimit: 2000,
      modulePreload: { polyfill: false },
      cssCodeSplit: !report,
      assetsInlineLimit: report ? 100_000_000 : 2048,
      rolldownOptions: {
        input: resolve(root, report ? 'report.html' : 'index.html'),
        output: report ? { codeSplitting: false } : {},
      },
    },
    server: {
      port: 5173,
      proxy: Object.fromEntries(['/api', '/healthz', '/readyz'].map((path) => [path, { target: backend }])),
    },
    test: { include: ['test/**/*.test.ts'] },
  }
})
