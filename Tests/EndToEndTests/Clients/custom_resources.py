# SPDX-License-Identifier: Apache-2.0
"""Judges objects as an API server does that has only the definitions in a folder: PyYAML reads them, cel-python has CEL.

custom_resources.py FOLDER admit < OBJECTS  per object of a JSON list what is wrong with it, each as "path: message"
custom_resources.py FOLDER rules            per rule its kind, path, text, message, estimated cost and unknown fields
"""
import functools
import glob
import json
import re
import sys

import celpy
import re2
import yaml

ENVIRONMENT = celpy.Environment()
TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}
# A rune has at most 4 bytes, and what has no bound is as long as a request may be.
BYTES_OF_A_RUNE, LONGEST_REQUEST = 4, 3 * 1024 * 1024


def definitions(folder):
    for path in sorted(glob.glob(f"{folder}/*.yaml")):
        with open(path, encoding="utf-8") as file:
            definition = yaml.safe_load(file)
        (version,) = definition["spec"]["versions"]
        yield definition["spec"]["names"]["kind"], version["schema"]["openAPIV3Schema"]


@functools.cache
def program(rule):
    return ENVIRONMENT.program(ENVIRONMENT.compile(rule))


def of_type(name, value):
    return isinstance(value, TYPES[name]) and (name == "boolean" or not isinstance(value, bool))


def wrong_values(schema, value):
    """What a plain schema says of a value of the right type, without its members."""
    if "enum" in schema and value not in schema["enum"]:
        yield f"must be one of {', '.join(schema['enum'])}"
    if "pattern" in schema and not re2.search(schema["pattern"], value):
        yield f"must match {schema['pattern']}"
    size = len(value) if isinstance(value, (str, list)) else 0
    if size < schema.get("minLength", schema.get("minItems", 0)):
        yield "is too short"
    if size > schema.get("maxLength", schema.get("maxItems", size)):
        yield "is too long"
    for name in schema.get("required", []):
        if name not in value:
            yield f"{name} is required"


def judge(schema, value, path):
    if not of_type(schema["type"], value):
        yield f"{path}: must be of type {schema['type']}"
        return
    blocking = False
    for fault in wrong_values(schema, value):
        blocking = blocking or not fault.startswith(("must match", "is too short"))
        yield f"{path}: {fault}"
    if isinstance(value, dict):
        for name, member in value.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            # What the definition does not know is dropped.
            if inner is not None:
                yield from judge(inner, member, f"{path}.{name}")
    for index, item in enumerate(value if isinstance(value, list) else []):
        yield from judge(schema["items"], item, f"{path}[{index}]")
    if not blocking:
        known = {name: value[name] for name in value if name in schema.get("properties", {})} if isinstance(
            value, dict) and "properties" in schema else value
        for rule in schema.get("x-kubernetes-validations", []):
            if not program(rule["rule"]).evaluate({"self": celpy.json_to_cel(known)}):
                yield f"{path}{rule.get('fieldPath', '')}: {rule['message']}"


def admit(schemas):
    answers = []
    for value in json.load(sys.stdin):
        schema = schemas[value["kind"]]
        answers.append(list(judge(schema, {**value, "metadata": {}}, "")))
    return answers


def length(schema):
    return schema.get("maxLength", LONGEST_REQUEST) * BYTES_OF_A_RUNE


def cost(rule, schema):
    """As the API server estimates it, roughly: a tenth per byte that is read, times a quarter of the expression's size."""
    total = 10
    for subject, expression in re.findall(r"(self[.\w]*)\.matches\((?:'([^']*)'|\"[^\"]*\")\)", rule):
        read = schema if subject == "self" else schema["properties"][subject.removeprefix("self.")]
        total += (length(read) / 10 + 1) * max(1, len(expression or rule) / 4)
    for member in re.findall(r"self\.(\w+) [=!]= ", rule):
        total += length(schema["properties"][member]) / 10
    return total


def rules(schema, path="", times=1):
    for rule in schema.get("x-kubernetes-validations", []):
        text = re.sub(r"'[^']*'|\"[^\"]*\"", "", rule["rule"])
        members = set(re.findall(r"self\.(?!matches\b)(\w+)", text)) | {rule.get("fieldPath", ".").removeprefix(".")}
        yield {
            "path": path,
            "rule": rule["rule"],
            "message": rule["message"],
            "cost": int(cost(rule["rule"], schema) * times),
            "unknown": sorted(members - set(schema.get("properties", {})) - {""}),
        }
    for name, inner in schema.get("properties", {}).items():
        yield from rules(inner, f"{path}.{name}", times)
    if "items" in schema:
        yield from rules(schema["items"], f"{path}[]", times * schema.get("maxItems", LONGEST_REQUEST))
    if isinstance(schema.get("additionalProperties"), dict):
        yield from rules(schema["additionalProperties"], f"{path}{{}}", times * LONGEST_REQUEST)


def main():
    folder, action = sys.argv[1:]
    schemas = dict(definitions(folder))
    if action == "admit":
        answer = admit(schemas)
    else:
        answer = [{"kind": kind, **rule} for kind, schema in schemas.items() for rule in rules(schema)]
    json.dump(answer, sys.stdout)


main()
