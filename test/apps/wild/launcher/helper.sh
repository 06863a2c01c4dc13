#!/bin/bash
# A process beside the app, with a child that changes.
while true; do sleep 0.2; done
