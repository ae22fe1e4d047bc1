def build_report(year, region):
    return [year, region]
