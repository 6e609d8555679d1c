"""Small files of other tools, as those tools write them."""

from __future__ import annotations

from typing import Any

COLLECTION: dict[str, Any] = {
    "info": {
        "name": "Shop API",
        "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
    },
    "variable": [
        {"key": "baseUrl", "value": "http://shop.test"},
        {"key": "my-api-key", "value": "k-1"},
        {"key": "off", "value": "x", "disabled": True},
    ],
    "auth": {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}"}]},
    "item": [
        {
            "name": "Auth",
            "item": [
                {
                    "name": "Log in",
                    "event": [
                        {
                            "listen": "test",
                            "script": {
                                "exec": [
                                    "pm.test('Status code is 200', function () {",
                                    "    pm.response.to.have.status(200);",
                                    "});",
                                    "const data = pm.response.json();",
                                    "pm.environment.set('token', data.token);",
                                    "if (data.admin) {",
                                    "    pm.environment.set('role', 'admin');",
                                    "}",
                                ]
                            },
                        }
                    ],
                    "request": {
                        "auth": {"type": "noauth"},
                        "method": "POST",
                        "header": [],
                        "body": {
                            "mode": "raw",
                            "raw": '{"user": "{{user}}", "costs": "$5"}',
                            "options": {"raw": {"language": "json"}},
                        },
                        "url": {"raw": "{{baseUrl}}/login", "host": ["{{baseUrl}}"], "path": ["login"]},
                    },
                }
            ],
        },
        {
            "name": "Users",
            "item": [
                {
                    "name": "Read",
                    "request": {
                        "method": "GET",
                        "header": [{"key": "X-Trace", "value": "{{$guid}}", "description": "who asks"}],
                        "url": {
                            "raw": "{{baseUrl}}/users/:id?full=1&page=2",
                            "host": ["{{baseUrl}}"],
                            "path": ["users", ":id"],
                            "query": [
                                {"key": "full", "value": "1"},
                                {"key": "page", "value": "2", "disabled": True},
                            ],
                            "variable": [{"key": "id", "value": "7"}],
                        },
                    },
                },
                {
                    "name": "Add",
                    "request": {
                        "method": "POST",
                        "body": {
                            "mode": "raw",
                            "raw": '{"age": {{age}}}',
                            "options": {"raw": {"language": "json"}},
                        },
                        "url": "{{baseUrl}}/users",
                    },
                },
                {
                    "name": "Picture",
                    "request": {
                        "method": "PUT",
                        "body": {
                            "mode": "formdata",
                            "formdata": [
                                {"key": "note", "value": "hi", "type": "text"},
                                {"key": "file", "src": "pictures/a.png", "type": "file"},
                            ],
                        },
                        "url": "{{baseUrl}}/users/7/picture",
                    },
                },
            ],
        },
    ],
}

ENVIRONMENT: dict[str, Any] = {
    "name": "Staging",
    "_postman_variable_scope": "environment",
    "values": [
        {"key": "baseUrl", "value": "https://staging.test", "enabled": True},
        {"key": "pin", "value": "1234", "type": "secret", "enabled": True},
        {"key": "old", "value": "x", "enabled": False},
    ],
}


def entry(method: str, url: str, status: int = 200, **more: Any) -> dict[str, Any]:
    """One entry of a HAR file that answers JSON."""
    request = {"method": method, "url": url, "headers": more.pop("headers", []), **more.pop("request", {})}
    content = {"mimeType": "application/json", "text": more.pop("text", '{"code": 0}')}
    return {"request": request, "response": {"status": status, "content": content}, **more}


RECORDING: dict[str, Any] = {
    "log": {
        "version": "1.2",
        "entries": [
            entry(
                "POST",
                "https://shop.test/login?from=web&x=$1",
                headers=[
                    {"name": "Authorization", "value": "Bearer t-77"},
                    {"name": "User-Agent", "value": "Mozilla"},
                    {"name": ":authority", "value": "shop.test"},
                    {"name": "Cookie", "value": "a=1"},
                    {"name": "X-Team", "value": "qa"},
                ],
                request={
                    "postData": {
                        "mimeType": "application/json",
                        "text": '{"user": "ann", "id": 9007199254740993}',
                    }
                },
            ),
            entry("GET", "https://shop.test/logo.png", _resourceType="image"),
            entry("OPTIONS", "https://shop.test/items"),
            entry("GET", "https://pay.test/state", 404, text='{"status": "open"}'),
            entry(
                "POST",
                "https://shop.test/form",
                request={
                    "postData": {
                        "mimeType": "application/x-www-form-urlencoded",
                        "params": [{"name": "a", "value": "1"}, {"name": "a", "value": "2"}],
                    }
                },
            ),
        ],
    }
}

PETS: dict[str, Any] = {
    "openapi": "3.0.1",
    "info": {"title": "Pets", "version": "1"},
    "servers": [
        {"url": "https://{host}/v1", "variables": {"host": {"default": "pets.test"}}},
        {"url": "http://127.0.0.1:8000/v1", "description": "local"},
    ],
    "security": [{"key": []}],
    "paths": {
        "/pets/{petId}": {
            "parameters": [{"name": "petId", "in": "path", "required": True, "schema": {"type": "integer"}}],
            "get": {
                "tags": ["pets"],
                "summary": "Read a pet",
                "parameters": [
                    {
                        "name": "full",
                        "in": "query",
                        "description": "all fields",
                        "schema": {"type": "boolean"},
                    },
                    {"name": "Accept", "in": "header", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}},
                    },
                    "404": {"description": "none"},
                },
            },
            "put": {
                "tags": ["pets"],
                "operationId": "changePet",
                "security": [],
                "requestBody": {"$ref": "#/components/requestBodies/Pet"},
                "responses": {"204": {"description": "done"}},
            },
        }
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "requestBodies": {
            "Pet": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Pet"}}}}
        },
        "schemas": {
            "Pet": {
                "type": "object",
                "required": ["id"],
                "properties": {
                    "id": {"type": "integer", "readOnly": True},
                    "name": {"type": "string", "nullable": True, "example": "Rex $1"},
                    "price": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
                    "kind": {"type": "string", "enum": ["cat", "dog"]},
                    "children": {"type": "array", "items": {"$ref": "#/components/schemas/Pet"}},
                },
            }
        },
    },
}

SWAGGER: dict[str, Any] = {
    "swagger": "2.0",
    "info": {"title": "Old"},
    "basePath": "/api",
    "securityDefinitions": {"login": {"type": "basic"}},
    "paths": {
        "/orders": {
            "post": {
                "security": [{"login": []}],
                "parameters": [
                    {"name": "body", "in": "body", "schema": {"$ref": "#/definitions/Order"}},
                ],
                "responses": {"201": {"description": "made", "schema": {"$ref": "#/definitions/Order"}}},
            },
            "get": {
                "parameters": [{"name": "page", "in": "query", "type": "integer", "required": True}],
                "responses": {"default": {"description": "any"}},
            },
        }
    },
    "definitions": {
        "Order": {"type": "object", "properties": {"items": {"type": "array", "items": {"type": "string"}}}}
    },
}
