print "converting"
