def solved(puzzles):
    return sum(puzzles)
