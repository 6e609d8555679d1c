"""Pastes text where the focus is, as the keys of the system would."""

from __future__ import annotations

from playwright.sync_api import Page


def paste(page: Page, text: str) -> None:
    page.evaluate(
        """text => {
          const data = new DataTransfer()
          data.setData('text/plain', text)
          const event = new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})
          document.activeElement.dispatchEvent(event)
        }""",
        text,
    )
