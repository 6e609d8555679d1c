"""What a window that is too small takes away: what scrolls sideways, lies outside or is cut."""

from __future__ import annotations

from playwright.sync_api import Page, ViewportSize

ZOOMED = ViewportSize(width=640, height=400)  # 1280x800 at 200 %
PHONE = ViewportSize(width=390, height=844)

_DRAWN = "() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
_LOST = """
() => {
  const found = []
  const screen = {right: document.documentElement.clientWidth, bottom: innerHeight}
  const name = element => {
    const text = (element.getAttribute('aria-label') ?? element.textContent).trim().replace(/\\s+/g, ' ')
    return `${element.tagName.toLowerCase()} "${text.slice(0, 40)}"`
  }
  const scrolls = (element, by) => {
    const above = element.parentElement
    if (!above || above.matches('main, body')) return false
    return /auto|scroll/.test(getComputedStyle(above)[by]) || scrolls(above, by)
  }
  /** Where the nearest thing that cuts what is in it ends. */
  const end = element => {
    const cutting = above => /hidden|clip/.test(getComputedStyle(above).overflowX)
    let right = screen.right
    for (let above = element.parentElement; above; above = above.parentElement)
      if (cutting(above)) right = Math.min(right, above.getBoundingClientRect().right)
    return right
  }
  for (const element of document.querySelectorAll('html, main, [role=dialog]')) {
    const more = element.scrollWidth - element.clientWidth
    if (more > 1) found.push(`scrolls sideways by ${more}: ${name(element)}`)
  }
  for (const element of document.querySelectorAll('a, button, input, select, textarea, h1, h2')) {
    const box = element.getBoundingClientRect()
    const seen = element.checkVisibility({opacityProperty: true, visibilityProperty: true})
    if (!seen || box.width <= 1 || box.height <= 1) continue
    const aside = !scrolls(element, 'overflowX') && (box.left < -1 || box.right > end(element) + 1)
    const low = element.closest('[role=dialog]') && box.bottom > screen.bottom + 1
    if (aside || (low && !scrolls(element, 'overflowY'))) found.push(`outside: ${name(element)}`)
    const style = getComputedStyle(element)
    const cuts = element.matches('a, button, h1, h2') && style.overflowX !== 'visible'
    if (cuts && style.textOverflow !== 'ellipsis' && element.scrollWidth > element.clientWidth + 1)
      found.push(`cut: ${name(element)}`)
  }
  return found
}
"""


def lost(page: Page) -> list[str]:
    """What the page as it stands loses at 200 % and on a phone; its window is as before at the end."""
    usual = page.viewport_size
    assert usual
    found = []
    for window in (ZOOMED, PHONE):
        page.set_viewport_size(window)
        page.evaluate(_DRAWN)
        found += [f"{window['width']} px: {line}" for line in page.evaluate(_LOST)]
    page.set_viewport_size(usual)
    return found
