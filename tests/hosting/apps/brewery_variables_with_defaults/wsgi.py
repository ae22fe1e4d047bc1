import os
from pathlib import Path

os.environ["BREWERY_MODE"] = "summer"

from dotenv import load_dotenv

load_dotenv(Path(__file__).with_name(".env"))

from brewery import application  # noqa: E402
