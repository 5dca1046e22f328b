"""Makes a copy of openapi.yaml for one running server, so that generated requests get past the door.

Addresses name events and records that are there (and some that are not), an exchange comes from the
device that is signed in, and bodies are described without composition, which generators do not see
through. What answers are held to stays as it is.
"""

import copy
import json
import sys
import urllib.request

import yaml

UNKNOWN = "01936a51-ffff-7000-8000-00000000ffff"
REQUEST_REFERENCES = {"session": "sessions", "a": "sessions", "b": "sessions", "room": "rooms", "part": "parts"}
REQUEST_SCHEMAS = ["SessionMoveFields", "RoomCloseFields", "SessionsSwapFields", "SessionsShiftFields", "FavouriteSet"]


class Loader(yaml.SafeLoader):
    """YAML in which days are text."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def main():
    source, base, token, device = sys.argv[1:5]
    with open(source, encoding="utf-8") as file:
        document = yaml.load(file, Loader)
    server = Server(base, token)
    event = server.get("/v1/events")["items"][0]
    specialise_components(document, event, device, server)
    for path, item in document["paths"].items():
        specialise_path(document, path, item, server, event["slug"])
    json.dump(document, sys.stdout)


class Server:
    """What is on the server."""

    def __init__(self, base, token):
        self.base, self.token, self.known = base, token, {}

    def get(self, path):
        request = urllib.request.Request(self.base + path, headers={"Authorization": f"Bearer {self.token}"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.load(answer)

    def names(self, event, collection):
        """Some ids and slugs of a collection, and one of nothing."""
        if collection not in self.known:
            items = self.get(f"/v1/events/{event}/{collection}?limit=6")["items"]
            slugs = [item["slug"] for item in items[3:] if "slug" in item]
            ids = [item["id"] for item in items[:3] if "id" in item]
            self.known[collection] = ids + slugs + [UNKNOWN]
        return self.known[collection]


def specialise_components(document, event, device, server):
    parameters, schemas = document["components"]["parameters"], document["components"]["schemas"]
    parameters["Event"]["schema"] = one_of([event["slug"], event["id"], "no-such-event"])
    people = server.get(f"/v1/events/{event['slug']}/attendees?limit=3")["items"]
    accounts = [account["account"] for person in people for account in person["accounts"]]
    # Never the account that asks: it is to keep its role to the end.
    parameters["Account"]["schema"] = one_of(accounts + [UNKNOWN])
    parameters["Attendee"]["schema"] = one_of([person["id"] for person in people] + [UNKNOWN])
    for name in ("Idempotency-Key", "If-Match", "Base", "Base-Header"):
        # An example would be taken for every request, and all but the first refused for it.
        del parameters[name]["example"]
    parameters["SeriesSlug"]["schema"] = one_of(["citizen-security-week", "no-such-series"])
    schemas["Mutation"] = mutation_by_operation(schemas["Mutation"])
    schemas["ExchangeRequest"]["properties"]["schema"] = {"type": "integer", "minimum": 1, "maximum": 2}
    schemas["ExchangeRequest"]["properties"]["device"] = one_of([device, device, UNKNOWN])
    for name in REQUEST_SCHEMAS:
        for field in schemas[name]["properties"].keys() & REQUEST_REFERENCES.keys():
            found = server.names(event["slug"], REQUEST_REFERENCES[field])
            ids = [one for one in found if len(one) == 36]
            schemas[name]["properties"][field] = one_of(ids)


def mutation_by_operation(mutation):
    """One form for each operation instead of conditions on one form."""
    forms = []
    for condition in mutation["allOf"]:
        form = {key: copy.deepcopy(value) for key, value in mutation.items() if key in ("type", "properties")}
        form["required"] = ["id", "op", "args"]
        form["properties"]["op"] = condition["if"]["properties"]["op"]
        form["properties"]["args"] = condition["then"]["properties"]["args"]
        forms.append(form)
    return {"oneOf": forms}


def specialise_path(document, path, item, server, event):
    segments = path.split("/")
    collection = segments[4] if len(segments) > 5 and segments[5] == "{id}" else None
    if "get" not in document["paths"].get("/".join(segments[:5]), {}):
        collection = None
    if collection:
        schema = one_of(server.names(event, collection))
        item["parameters"] = [
            {"name": "id", "in": "path", "required": True, "schema": schema}
            if parameter.get("$ref", "").endswith("/Record")
            else parameter
            for parameter in item["parameters"]
        ]
    for operation in (value for key, value in item.items() if key != "parameters"):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            if "schema" in content:
                content["schema"] = flatten(document, content["schema"])


def one_of(values):
    return {"type": "string", "enum": list(dict.fromkeys(values))}


def flatten(document, schema):
    """One closed object instead of a composition of open ones."""
    whole = copy.deepcopy(schema)
    if "$ref" in whole:
        target = document["components"]["schemas"][whole["$ref"].rsplit("/", 1)[1]]
        if target.get("unevaluatedProperties") is not False:
            return whole
        whole = copy.deepcopy(target)
    for part in whole.pop("allOf", []):
        part = document["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]]
        for key, value in copy.deepcopy(part).items():
            if key == "properties":
                whole.setdefault("properties", {}).update(value)
            elif key == "required":
                whole["required"] = whole.get("required", []) + value
            else:
                whole.setdefault(key, value)
    whole.pop("unevaluatedProperties", None)
    whole.pop("example", None)
    whole["additionalProperties"] = False
    return whole


if __name__ == "__main__":
    main()
