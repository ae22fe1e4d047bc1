import unittest


def count(people):
    return len(people)


if __name__ == "__main__":
    unittest.main()
