from kennel import application
