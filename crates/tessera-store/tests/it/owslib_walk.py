"""Walks a store with OWSLib: what it declares, every collection, its queryables, its features by page, and what can be sampled."""

import json
import sys

from owslib.ogcapi.edr import EnvironmentalDataRetrieval
from owslib.ogcapi.features import Features

features = Features(sys.argv[1])
conformance = features.conformance()["conformsTo"]
assert any(name.endswith("ogcapi-features-1/1.0/conf/core") for name in conformance), conformance
walked = {}
for name in features.feature_collections():
    collection = features.collection(name)
    assert collection["id"] == name, collection
    assert len(collection["extent"]["spatial"]["bbox"][0]) == 4, collection
    queryables = features.collection_queryables(name)
    first = features.collection_items(name, limit=3)
    assert first["type"] == "FeatureCollection", first
    assert len(first["features"]) == first["numberReturned"] <= 3, first
    one = features.collection_item(name, first["features"][0]["id"])
    assert one["geometry"] == first["features"][0]["geometry"], one
    assert set(one["properties"]) <= set(queryables["properties"]), name
    boxed = features.collection_items(name, bbox=[11, 40, 15, 43], limit=10000)
    walked[name] = boxed["numberMatched"]
filtered = features.collection_items("places", filter="latin LIKE 'o%'")
walked["places that begin with o"] = filtered["numberMatched"]
edr = EnvironmentalDataRetrieval(sys.argv[1])
walked["sampled"] = sorted(set(edr.data()))
print(json.dumps(walked))
