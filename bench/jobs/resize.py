"""Pixels in, fewer pixels out: no codec."""

from .job import Job

FILTERS = ("lanczos", "bicubic", "bilinear", "box")

JOBS = [
    Job(
        name=f"resize-{filter}",
        title=f"RGB pixels to 720x588 with {filter}",
        command=f"resize 720 588 {filter}",
        takes="pixels",
        gives="pixels",
        note="OpenCV's INTER_LANCZOS4, INTER_CUBIC and INTER_LINEAR do not antialias: they look at "
        "8, 4 and 2 pixels whatever the scale, which is less work and aliases; box is INTER_AREA. "
        "The column against Pillow tells which peers do another filter.",
    )
    for filter in FILTERS
]
