from tools import prices

assert prices
