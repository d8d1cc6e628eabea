# SPDX-License-Identifier: Apache-2.0
"""What scripts/proof-table is made of."""
