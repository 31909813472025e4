"""The class behind `pilaf.Image.Image`, one module for each area of its methods."""
