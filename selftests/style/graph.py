# SPDX-License-Identifier: GPL-2.0
"""Which file needs which: a file -> {the file it needs: (line, why)}."""

from collections import deque


def path(graph, start, goal):
    """The shortest way from start to goal, of one step at least, or None."""
    came = {}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for there in sorted(graph.get(here, ())):
            if there == goal:
                way = [goal, here]
                while way[-1] != start:
                    way.append(came[way[-1]])
                return way[::-1]
            if there not in came and there != start:
                came[there] = here
                queue.append(there)
    return None


def cycles(graph):
    """The groups of files that all need each other, two or more in each."""
    left = sorted(graph)
    while left:
        first = left[0]
        group = [f for f in left if f == first
                 or (path(graph, first, f) and path(graph, f, first))]
        left = [f for f in left if f not in group]
        if len(group) > 1:
            yield group


def explain(graph):
    """Lines that say what is in a cycle, and by what."""
    for group in cycles(graph):
        ways = [path(graph, f, f) for f in group]
        way = min(ways, key=len)
        yield "%d files in a cycle: %s" % (len(group), " ".join(group))
        for here, there in zip(way, way[1:]):
            line, why = graph[here][there]
            yield "%s:%d: needs %s for %s" % (here, line, there, why)
