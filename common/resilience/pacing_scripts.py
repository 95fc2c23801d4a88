"""The Lua programs of the pacer: each runs whole inside Redis, by the server's clock, in microseconds.

One hash for each key: `next` end of the queue, `last` latest request, `held` nobody sends before, `factor`
and `factor_at` the stretch of the pause and since when it fades, `delay` the plain pause.
"""

from typing import Final

# KEYS: the hash, the set of all keys. ARGV: key, delay, half-life, seconds to keep, then each program's own.
_START: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local row = redis.call('HMGET', KEYS[1], 'next', 'last', 'held', 'factor', 'factor_at')
local tail = tonumber(row[1]) or 0
local last = tonumber(row[2]) or 0
local held = tonumber(row[3]) or 0
local faded = 0.5 ^ ((now - (tonumber(row[5]) or now)) / ARGV[3])
local factor = 1 + ((tonumber(row[4]) or 1) - 1) * faded
local pause = math.floor(ARGV[2] * factor)
local function keep(...)
  redis.call('HSET', KEYS[1], 'delay', ARGV[2], ...)
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  redis.call('SADD', KEYS[2], ARGV[1])
end
local function text(number) return string.format('%.0f', number) end
"""

# ARGV[5]: patience. Returns {1, wait, slot, new end of the queue}, or {0, wait, 0, 0} and takes no slot.
RESERVE: Final = (
    _START
    + """
local slot = math.max(now, tail, held, last > 0 and last + pause or 0)
local wait = slot - now
if wait > tonumber(ARGV[5]) then return {0, wait, 0, 0} end
keep('next', text(slot + pause))
if wait == 0 then keep('last', text(now)) end
return {1, wait, slot, slot + pause}
"""
)

# ARGV[5]: 1 for a request that is under way already. Returns the microseconds that are still to wait.
CLAIM: Final = (
    _START
    + """
local due = math.max(last > 0 and last + pause or 0, held)
if ARGV[5] == '0' and now < due then return due - now end
keep('last', text(now), 'next', text(math.max(tail, now + pause)))
return 0
"""
)

# ARGV[5], ARGV[6]: the slot and the end of the queue as reserved. Only the last in the queue can step back.
GIVE_BACK: Final = (
    _START
    + """
if tail ~= tonumber(ARGV[6]) then return 0 end
keep('next', text(ARGV[5]))
return 1
"""
)

# ARGV[5]: greatest factor. ARGV[6]: time to hold.
SLOW_DOWN: Final = (
    _START
    + """
keep('factor', math.min(tonumber(ARGV[5]), factor * 2), 'factor_at', text(now),
     'held', text(math.max(held, now + ARGV[6])))
return 1
"""
)

# KEYS[1]: the set of all keys, which is also their prefix. ARGV[1]: half-life.
READ: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local found = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local row = redis.call('HMGET', KEYS[1] .. ':' .. key, 'delay', 'factor', 'factor_at', 'next', 'held')
  if row[1] then
    local faded = 0.5 ^ ((now - (tonumber(row[3]) or now)) / ARGV[1])
    local factor = 1 + ((tonumber(row[2]) or 1) - 1) * faded
    local due = math.max(tonumber(row[4]) or 0, tonumber(row[5]) or 0)
    found[#found + 1] = {key, tonumber(row[1]), math.floor(factor * 1000), math.max(0, due - now)}
  else
    redis.call('SREM', KEYS[1], key)
  end
end
return found
"""
