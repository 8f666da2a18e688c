"""The register of the page tests: six schools in two clusters, one with a very long name."""

from __future__ import annotations

LONG_SCHOOL = "清河县城关镇第三初级中学附属小学"
ORG = {
    "county": "清河县",
    "valid_from": "2014",
    "stage": "初中",
    "subjects": ["语文", "数学", "英语"],
    "clusters": [
        {"no": 1, "centre": "城关初中", "members": ["东河初中", "西坡初中"]},
        {"no": 2, "centre": "南桥初中", "members": ["北岭初中", "附属小学"]},
    ],
    "official_names": {"附属小学": LONG_SCHOOL},
}
