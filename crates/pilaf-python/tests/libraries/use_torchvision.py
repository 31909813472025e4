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
]:
    say(type(transform).__name__, transform(photo))
tensor = transforms.ToTensor()(photo)
say("ToTensor", tensor.numpy())
say("PILToTensor", transforms.PILToTensor()(photo).numpy())
say("ToPILImage", transforms.ToPILImage()(tensor))
say("dimensions", (functional.get_dimensions(photo), functional.get_image_size(photo)))
