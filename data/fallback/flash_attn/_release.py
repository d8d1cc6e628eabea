# SPDX-License-Identifier: Apache-2.0
# The release that this stands for: wheelfit writes this file for the one that was asked for.
VERSION = "2.8.3"
