def dogs(:
