"""The suite of the benchmarks in the language of each tool: five steps and thirteen checks a case."""

from __future__ import annotations

import json
import textwrap
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Sent:
    """One step, tool-neutral: what is sent, what is checked, and what is kept under which name."""

    name: str
    method: str
    url: str
    status: int
    checks: tuple[tuple[str, object], ...]
    json: object = None
    keep: tuple[str, str] | None = None


def steps(number: int) -> list[Sent]:
    """The five steps of a case."""
    item = {"name": f"widget-{number}", "qty": 3, "price": 12.5, "tags": ["a", "b"]}
    user = {"username": f"user{number}", "password": f"secret{number}"}
    mine = (("user.name", f"user{number}"), ("user.active", True))
    made = (("item.name", f"widget-{number}"),)
    listed = (("total", 100), ("items[0].name", "item-0"))
    got = (("id", "{item_id}"), ("owner", number))
    return [
        Sent("log in", "POST", "/login", 200, (("code", 0),), json=user, keep=("token", "token")),
        Sent("me", "GET", "/me", 200, mine),
        Sent("create", "POST", "/items", 201, made, json=item, keep=("item_id", "id")),
        Sent("list", "GET", "/items?page=1&size=100", 200, listed),
        Sent("get", "GET", "/items/{item_id}", 200, got),
    ]


def write_hat(folder: Path, cases: int, base: str) -> None:
    """One YAML file a case in the dict layout, which HAT and HttpRunner 3 and 4 read."""
    for number in range(cases):
        lines = ["config:", f"    name: case {number}", f"    base_url: {base}", "teststeps:"]
        for step in steps(number):
            lines += [f"-   name: {step.name}", *_request(step, "    ")]
            if step.keep:
                name, path = step.keep
                lines += ["    extract:", f"        {name}: body.{path}"]
            lines += ["    validate:", f"    -   eq: [status_code, {step.status}]"]
            lines += [f'    -   eq: ["body.{path}", {_value(value)}]' for path, value in step.checks]
        _write(folder / f"case{number:05d}.yml", lines)


def write_httprunner2(folder: Path, cases: int, base: str) -> None:
    """One YAML file a case in the list layout of HttpRunner 2."""
    for number in range(cases):
        lines = ["- config:", f"    name: case {number}", f"    base_url: {base}"]
        for step in steps(number):
            lines += ["- test:", f"    name: {step.name}", *_request(step, "    ")]
            if step.keep:
                name, path = step.keep
                lines += ["    extract:", f"    - {name}: content.{path}"]
            lines += ["    validate:", f"    - eq: [status_code, {step.status}]"]
            for path, value in step.checks:
                dotted = path.replace("[", ".").replace("]", "")
                lines.append(f"    - eq: [content.{dotted}, {_value(value)}]")
        _write(folder / f"case{number:05d}.yml", lines)


def write_hurl(folder: Path, cases: int, base: str) -> None:
    """One Hurl file a case."""
    for number in range(cases):
        lines = []
        for step in steps(number):
            lines.append(f"{step.method} {base}{_braces(step.url)}")
            if step.url != "/login":
                lines.append("Authorization: Bearer {{token}}")
            if step.json is not None:
                lines.append(json.dumps(step.json))
            lines.append(f"HTTP {step.status}")
            if step.keep:
                name, path = step.keep
                lines += ["[Captures]", f'{name}: jsonpath "$.{path}"']
            lines.append("[Asserts]")
            lines += [f'jsonpath "$.{path}" == {_hurl_value(value)}' for path, value in step.checks]
            lines.append("")
        _write(folder / f"case{number:05d}.hurl", lines)


def write_newman(file: Path, cases: int, base: str) -> None:
    """One Postman collection with a folder for each case."""
    folders = []
    for number in range(cases):
        folders.append({"name": f"case {number}", "item": [_postman(step, base) for step in steps(number)]})
    schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    file.write_text(json.dumps({"info": {"name": "suite", "schema": schema}, "item": folders}))


def write_k6(file: Path, cases: int, base: str) -> None:
    """One k6 script that walks through every case once."""
    file.write_text(
        textwrap.dedent(
            """
            import http from 'k6/http';
            import { check } from 'k6';
            import exec from 'k6/execution';
            export const options = { vus: 1, iterations: CASES, thresholds: { checks: ['rate==1.0'] } };
            const json = { 'Content-Type': 'application/json' };
            export default function () {
              const n = exec.scenario.iterationInTest;
              const user = JSON.stringify({ username: `user${n}`, password: `secret${n}` });
              let r = http.post('BASE/login', user, { headers: json });
              const token = r.json().token;
              check(r, { status: r => r.status === 200, code: r => r.json().code === 0 });
              const auth = { Authorization: `Bearer ${token}` };
              r = http.get('BASE/me', { headers: auth });
              const me = r.json();
              check(r, { status: r => r.status === 200, name: () => me.user.name === `user${n}`,
                         active: () => me.user.active === true });
              const item = JSON.stringify({ name: `widget-${n}`, qty: 3, price: 12.5, tags: ['a', 'b'] });
              r = http.post('BASE/items', item, { headers: { ...auth, ...json } });
              const made = r.json();
              check(r, { status: r => r.status === 201, name: () => made.item.name === `widget-${n}` });
              r = http.get('BASE/items?page=1&size=100', { headers: auth });
              const list = r.json();
              check(r, { status: r => r.status === 200, total: () => list.total === 100,
                         first: () => list.items[0].name === 'item-0' });
              r = http.get(`BASE/items/${made.id}`, { headers: auth });
              const got = r.json();
              check(r, { status: r => r.status === 200, id: () => got.id === made.id,
                         owner: () => got.owner === n });
            }
            """
        )
        .replace("BASE", base)
        .replace("CASES", str(cases))
    )


def write_one(file: Path, base: str) -> None:
    """One case with one step, for the cold start."""
    lines = ["config:", "    name: one", f"    base_url: {base}", "teststeps:", "-   name: small"]
    lines += ["    request: {method: GET, url: /small}", "    validate:", "    -   eq: [status_code, 200]"]
    _write(file, [*lines, "    -   eq: [body.code, 0]"])


def _write(file: Path, lines: list[str]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n")


def _request(step: Sent, indent: str) -> list[str]:
    url = step.url.replace("{item_id}", "$item_id")
    lines = [f"{indent}request:", f"{indent}    method: {step.method}", f"{indent}    url: {url}"]
    if step.url != "/login":
        lines += [f"{indent}    headers:", f"{indent}        Authorization: Bearer $token"]
    if step.json is not None:
        lines.append(f"{indent}    json: {json.dumps(step.json)}")
    return lines


def _value(value: object) -> str:
    return "$item_id" if value == "{item_id}" else json.dumps(value)


def _braces(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _hurl_value(value: object) -> str:
    return "{{item_id}}" if value == "{item_id}" else json.dumps(value)


def _postman(step: Sent, base: str) -> dict[str, object]:
    script = [
        f"pm.test('status', () => pm.response.to.have.status({step.status}));",
        "const b = pm.response.json();",
    ]
    if step.keep:
        name, path = step.keep
        script.append(f"pm.collectionVariables.set('{name}', b.{path});")
    for path, value in step.checks:
        wanted = (
            "Number(pm.collectionVariables.get('item_id'))" if value == "{item_id}" else json.dumps(value)
        )
        script.append(f"pm.test('{path}', () => pm.expect(b.{path}).to.eql({wanted}));")
    headers = [{"key": "Content-Type", "value": "application/json"}] if step.json is not None else []
    if step.url != "/login":
        headers.append({"key": "Authorization", "value": "Bearer {{token}}"})
    request: dict[str, object] = {
        "method": step.method, "header": headers, "url": base + _braces(step.url),
    }  # fmt: skip
    if step.json is not None:
        request["body"] = {"mode": "raw", "raw": json.dumps(step.json)}
    event = [{"listen": "test", "script": {"type": "text/javascript", "exec": script}}]
    return {"name": step.name, "request": request, "event": event}
