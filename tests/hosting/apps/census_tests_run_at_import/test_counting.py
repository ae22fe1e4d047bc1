import unittest


def count(people):
    return len(people)


class CountingTest(unittest.TestCase):
    def test_two(self):
        self.assertEqual(count("ab"), 2)


unittest.main()
