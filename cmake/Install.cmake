# Installation and packages. One relocatable tree: bin/ lib/ include/cresset/ share/cresset/.
