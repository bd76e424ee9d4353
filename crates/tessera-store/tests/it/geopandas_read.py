"""Reads every GeoParquet export of a store with GeoPandas and compares each row with the features of the API."""

import io
import json
import sys
import urllib.request

import geopandas
import pandas
from shapely.geometry import box, shape

PARQUET = "application/vnd.apache.parquet"
# Names that the table has for itself; a column of the same name is set apart.
TAKEN = {"fid", "geometry", "bbox"}


def get(url):
    with urllib.request.urlopen(url) as answer:
        return answer.read()


def features(url):
    while url:
        page = json.loads(get(url))
        yield from page["features"]
        url = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)


def same(said, read):
    """A value of the API, and the table's: months and what is nested are JSON there."""
    if said is None:
        return bool(pandas.isna(read))
    if isinstance(said, (list, dict)):
        return json.loads(read) == said
    return said == read


def compare(name, table, base):
    frame = geopandas.read_parquet(io.BytesIO(table))
    assert frame.crs is not None and frame.crs.to_authority() == ("OGC", "CRS84"), (name, frame.crs)
    assert frame.geometry.name == "geometry", name
    rows = 0
    for (_, row), feature in zip(frame.iterrows(), features(f"{base}/collections/{name}/items"), strict=True):
        assert row["fid"] == feature["id"], (name, row["fid"], feature["id"])
        # GeoJSON is rounded to a centimetre, the table is not.
        assert row.geometry.equals_exact(shape(feature["geometry"]), 1e-7), (name, feature["id"])
        for key, said in feature["properties"].items():
            column = f"{key}_" if key in TAKEN else key
            assert same(said, row[column]), (name, feature["id"], key, said, row[column])
        # Beside these there are the id and the shape; the reader keeps `bbox` for itself.
        assert len(frame.columns) == len(feature["properties"]) + 2, (name, list(frame.columns))
        rows += 1
    west, south, east, north = frame.total_bounds
    part = (west, south, (west + east) / 2, (south + north) / 2)
    inside = geopandas.read_parquet(io.BytesIO(table), bbox=part)
    bounds = frame.geometry.bounds
    meets = (bounds.minx <= part[2]) & (bounds.miny <= part[3])
    assert list(inside["fid"]) == list(frame[meets]["fid"]), name
    assert inside.geometry.intersects(box(*part).buffer(10)).all(), name
    return rows


base = sys.argv[1]
read = {}
for collection in json.loads(get(f"{base}/collections"))["collections"]:
    href = next(link["href"] for link in collection["links"] if link["type"] == PARQUET)
    read[collection["id"]] = compare(collection["id"], get(href), base)
print(json.dumps(read))
