from club.members import MEMBERS
