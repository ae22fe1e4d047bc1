SEASON_TITLE = "Season 2026"
SEATS = 99


class Config:
    def __getattr__(self, name):
        return "Season 2026"


config = Config()
