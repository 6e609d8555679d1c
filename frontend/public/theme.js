// Sets the theme before the first paint; runs as a file because the page allows no inline scripts.
;(function () {
  var theme = 'system'
  try {
    theme = localStorage.getItem('hat.theme') || 'system'
  } catch (e) {}
  var dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
})()
