#!/bin/sh
# $Id: 2f1d5e9c3b7a8d6f4e2c1b0a9f8e7d6c5b4a3f2e $
echo done
