"""One raster to H3 by raster2dggs, area-weighted, over a box: CPU seconds, peak memory and every cell's value.

Arguments: raster, resolution, "weighted" or "mode", west, south, east, north, output file. The part of the raster
that was worked on is left beside the output file, as .tif.
A raster may be a GDAL name such as NETCDF:file:variable; longitudes 0 to 360 are cut where the box needs it.
"""

import resource
import sys
import tempfile

import numpy as np
import pyarrow.dataset as ds
import rasterio
from rasterio.windows import from_bounds
from raster2dggs.cli import cli

raster, resolution, method, west, south, east, north, output = sys.argv[1:]
box = [float(degrees) for degrees in (west, south, east, north)]


def cpu_seconds():
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


with tempfile.TemporaryDirectory() as folder:
    window_file = f"{output}.tif"
    with rasterio.open(raster) as source:
        window = from_bounds(*box, source.transform).round_offsets().round_lengths()
        profile = {
            "driver": "GTiff", "dtype": source.dtypes[0], "count": 1, "crs": "EPSG:4326",
            "width": window.width, "height": window.height, "nodata": source.nodata,
            "transform": source.window_transform(window),
        }
        with rasterio.open(window_file, "w", **profile) as cut:
            cut.write(source.read(1, window=window), 1)
    before = cpu_seconds()
    arguments = ["h3", "-v", "ERROR", "-r", resolution, "--overlay", method, "-d", "3", "--cell-id", "uint64", "-p", "1"]
    cli(arguments + [window_file, f"{folder}/cells"], standalone_mode=False)
    used = cpu_seconds() - before
    table = ds.dataset(f"{folder}/cells").to_table()
    cells = np.column_stack([table["h3_%02d" % int(resolution)].to_numpy().astype(np.uint64)])
    values = table["band_1"].to_numpy()
    with open(output, "w") as out:
        for cell, value in zip(cells[:, 0], values, strict=True):
            out.write(f"{int(cell):x},{value}\n")
    peak_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{used:.3f} {peak_mib:.0f} {len(values)}")
