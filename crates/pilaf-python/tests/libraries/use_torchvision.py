import torch
from common import FOLDER, say
from PIL import Image
from torchvision import transforms
from torchvision.transforms import functional

photo = Image.open(FOLDER / "photo.jpg").convert("RGB")
torch.manual_seed(1)
for transform in [
    transforms.Resize(64),
    transforms.Resize((50, 70), transforms.InterpolationMode.BICUBIC),
    transforms.CenterCrop(60),
    transforms.RandomCrop(40, padding=8, padding_mode="reflect"),
    transforms.RandomResizedCrop(48),
    transforms.RandomHorizontalFlip(1.0),
    transforms.RandomRotation(30, expand=True),
    transforms.RandomAffine(20, (0.1, 0.2), (0.7, 1.3), 10),
    transforms.RandomPerspective(p=1.0),
    transforms.ColorJitter(0.4, 0.4, 0.4, 0.2),
    transforms.Grayscale(3),
    transforms.Pad(5, (1, 2, 3)),
    transforms.RandomPosterize(3, 1.0),
    transforms.RandomSolarize(100, 1.0),
    transforms.RandomAdjustSharpness(2.0, 1.0),
    transforms.RandomAutocontrast(1.0),
    transforms.RandomEqualize(1.0),
    transforms.RandomInvert(1.0),
    transforms.GaussianBlur(5, 1.5),
    transforms.RandAugment(),
    transforms.TrivialAugmentWide(),
    transforms.AutoAugment(),
    transforms.AugMix(),
]:
    say(type(transform).__name__, transform(photo))
for name, image in zip("abcde", transforms.FiveCrop(70)(photo), strict=True):
    say(f"FiveCrop {name}", image)
tensor = transforms.ToTensor()(photo)
say("ToTensor", tensor.numpy())
say("PILToTensor", transforms.PILToTensor()(photo).numpy())
say("ToPILImage", transforms.ToPILImage()(tensor))
# What some modes are not made for fails alike.
calls = {
    "PILToTensor": lambda image: transforms.PILToTensor()(image).numpy(),
    "ToTensor": lambda image: transforms.ToTensor()(image).numpy(),
    "resize": lambda image: functional.resize(image, [33, 44]),
    "hflip": functional.hflip,
    "pad": lambda image: functional.pad(image, [3, 4], 1, "constant"),
    "rotate": lambda image: functional.rotate(image, 25),
    "affine": lambda image: functional.affine(image, 10, [3, 5], 1.1, [4.0, 2.0]),
    "contrast": lambda image: functional.adjust_contrast(image, 1.3),
}
for mode in ("1", "L", "LA", "P", "RGBA", "CMYK", "YCbCr", "HSV", "I", "F", "I;16"):
    image = photo.convert("L").convert(mode) if mode == "I;16" else photo.convert(mode)
    for name, call in calls.items():
        try:
            result = call(image)
        except Exception as error:
            result = type(error).__name__
        say(f"{mode} {name}", result)
for bands, mode in [(tensor, "RGB"), (tensor[:1], "L"), (tensor[:1] * 99, "F")]:
    say(f"to {mode}", functional.to_pil_image(bands, mode))
say("dimensions", (functional.get_dimensions(photo), functional.get_image_size(photo)))
