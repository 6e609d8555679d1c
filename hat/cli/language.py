"""The texts of the command line in English and Chinese."""

from __future__ import annotations

from collections.abc import Mapping

_CHINESE = {
    "{count} case": "{count} 个用例",
    "{count} cases": "{count} 个用例",
    "{count} step": "{count} 个步骤",
    "{count} steps": "{count} 个步骤",
    "{count} check": "{count} 个校验",
    "{count} checks": "{count} 个校验",
    "{count} passed": "通过 {count}",
    "{count} failed": "失败 {count}",
    "{count} error": "错误 {count}",
    "{count} skipped": "跳过 {count}",
    "{count} flaky": "其中 {count} 个不稳定",
    "flaky: passed in attempt {count}": "不稳定：第 {count} 次才通过",
    "Running {cases}": "运行 {cases}",
    "Running {cases} in {environment}": "在环境 {environment} 中运行 {cases}",
    "{outcomes} of {sizes} in {time}": "{outcomes}；共 {sizes}；用时 {time}",
    "hint": "提示",
    "tried {count} times; the earlier attempts:": "共尝试 {count} 次；此前：",
    "attempt {numbers}": "第 {numbers} 次",
    "response": "响应",
    "no response": "无响应",
    "empty body": "响应体为空",
    "{size} bytes that are no text": "{size} 字节的非文本内容",
    "row {number}": "数据行 {number}",
    "Slowest": "最慢的步骤",
    "Written": "已写入",
    "Stopping; steps that always run still do. Ctrl-C again to end at once": (
        "正在停止,收尾步骤仍会执行;再按一次 Ctrl-C 立即结束"
    ),
    "functions run without isolation: {why}": "函数在没有隔离的情况下执行：{why}",
    "{count} request": "{count} 个请求",
    "{count} requests": "{count} 个请求",
    "TLS certificates not verified: {requests}": "未验证 TLS 证书：{requests}",
    "Stopped before the end": "运行提前停止",
    "no connection to {server}: {cases}": "无法连接 {server}：{cases}",
    "no cases to run": "没有可运行的用例",
    "the paths hold no case": "这些路径中没有用例",
    "no case has the tag {tags}": "没有带标签 {tags} 的用例",
    "{count} problem": "{count} 个问题",
    "{count} problems": "{count} 个问题",
    "{count} warning": "{count} 个警告",
    "{count} warnings": "{count} 个警告",
    "warning": "警告",
    "{cases} read, no problems": "已读取 {cases},没有问题",
    "{cases} read, {problems}": "已读取 {cases},{problems}",
    "{problems}: nothing was run": "{problems},未运行任何用例",
    "from {source}": "来自{source}",
    ", written {words}": "，写作 {words}",
    "hides {value}": "覆盖 {value}",
    "{source} at {place}": "{source}（{place}）",
    "the answer of step '{step}'": "步骤“{step}”的响应",
    "the environment {name}": "环境 {name}",
    "the step's variables": "步骤的变量",
    "the loop of the step": "步骤的循环",
    "the group's variables": "分组的变量",
    "the row of parameters": "参数化的数据行",
    "--var": " --var",
    "the step that calls the case": "调用该用例的步骤",
    "the case's config": "用例的 config",
    "the answer of an earlier step": "前面步骤的响应",
    "the environment": "环境",
    "internal error": "内部错误",
}  # fmt: skip


class Language:
    """Gives the texts of one language; a text that has no translation stays English."""

    def __init__(self, name: str = "en") -> None:
        self.name = name
        self._texts = _CHINESE if name == "zh" else {}

    def __call__(self, text: str, **values: object) -> str:
        """A text with its values filled in."""
        translated = self._texts.get(text, text)
        return translated.format(**values) if values else translated

    def count(self, number: int, noun: str) -> str:
        """A number with its noun: "1 case", "2 cases"."""
        return self(f"{{count}} {noun}" if number == 1 else f"{{count}} {noun}s", count=number)

    def join(self, parts: list[str]) -> str:
        """Several texts in a row."""
        return ("，" if self.name == "zh" else ", ").join(parts)


def choose(env: Mapping[str, str]) -> Language:
    """HAT_LANG, else the language of the terminal: Chinese or English."""
    wanted = next(
        (env[name] for name in ("HAT_LANG", "LC_ALL", "LC_MESSAGES", "LANG") if env.get(name)), "en"
    )
    return Language("zh" if wanted.lower().startswith("zh") else "en")
