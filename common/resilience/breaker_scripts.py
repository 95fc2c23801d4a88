"""The Lua programs of the circuit breaker: each runs whole inside Redis, by the server's clock.

One hash for each key: `failures` in a row since `first_at`, `opened_until`, `opens` how often in a row it
opened (kept for a while after it closed at `closed_at`, so that a flapping host is left alone ever longer),
`probe` and `probe_until` who may try while it is half open, `last_failure` and `last_failed_at` for people.
Times are microseconds.
"""

from typing import Final

# KEYS: the hash, the set of all keys. ARGV: key, caller's token, seconds to keep, then each program's own.
_START: Final = """
local clock = redis.call('TIME')
local now = clock[1] * 1000000 + clock[2]
local row = redis.call('HMGET', KEYS[1], 'opened_until', 'probe', 'probe_until', 'failures', 'first_at',
                       'opens', 'closed_at')
local opened = tonumber(row[1])
local is_probe = row[2] == ARGV[2]
local function text(number) return string.format('%.0f', number) end
local function keep(...)
  redis.call('HSET', KEYS[1], ...)
  redis.call('EXPIRE', KEYS[1], ARGV[3])
  redis.call('SADD', KEYS[2], ARGV[1])
end
"""

# ARGV[4]: how long a probe may take. Returns {0 closed | 1 you are the probe | 2 refused, microseconds left}.
ADMIT: Final = (
    _START
    + """
if not opened then return {0, 0} end
if now < opened then return {2, opened - now} end
if row[2] and now < tonumber(row[3]) then return {2, tonumber(row[3]) - now} end
keep('probe', ARGV[2], 'probe_until', text(now + ARGV[4]))
return {1, 0}
"""
)

# While it is open only the probe's success counts: others may have been admitted before it opened.
SUCCEED: Final = (
    _START
    + """
if not opened then
  redis.call('HDEL', KEYS[1], 'failures', 'first_at')
  return 0
end
if not is_probe then return 2 end
redis.call('HDEL', KEYS[1], 'failures', 'first_at', 'opened_until', 'probe', 'probe_until')
keep('closed_at', text(now))
return 0
"""
)

# ARGV[4]: code. [5]: 1 opens at once. [6]: failures that open. [7]: their window. [8]: shortest time open.
# [9]: longest. [10]: how long earlier openings are remembered. Returns 0 closed or 2 open.
FAIL: Final = (
    _START
    + """
keep('last_failure', ARGV[4], 'last_failed_at', text(now))
local function open(opens)
  local span = math.min(tonumber(ARGV[9]), ARGV[8] * 2 ^ math.min(opens, 20))
  redis.call('HDEL', KEYS[1], 'probe', 'probe_until')
  keep('opened_until', text(math.max(opened or 0, now + span)), 'opens', opens + 1)
  return 2
end
local opens = tonumber(row[6]) or 0
if opened then
  if is_probe then return open(opens) end
  if ARGV[5] == '1' and now + ARGV[8] > opened then keep('opened_until', text(now + ARGV[8])) end
  return 2
end
if row[7] and now - tonumber(row[7]) > tonumber(ARGV[10]) then opens = 0 end
local failures, first = tonumber(row[4]) or 0, tonumber(row[5]) or now
if now - first > tonumber(ARGV[7]) then failures, first = 0, now end
failures = failures + 1
keep('failures', failures, 'first_at', text(first))
if ARGV[5] == '1' or failures >= tonumber(ARGV[6]) then return open(opens) end
return 0
"""
)

# The probe learned nothing: let another one try.
RELEASE: Final = (
    _START
    + """
if is_probe then redis.call('HDEL', KEYS[1], 'probe', 'probe_until') end
return 0
"""
)

# KEYS[1]: the set of all keys, which is also their prefix.
READ: Final = """
local clock = redis.call('TIME')
local found = {}
for _, key in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local row = redis.call('HMGET', KEYS[1] .. ':' .. key, 'opened_until', 'failures', 'last_failure',
                         'last_failed_at')
  if row[3] then
    found[#found + 1] = {key, row[1] or '', row[2] or '0', row[3], row[4]}
  else
    redis.call('SREM', KEYS[1], key)
  end
end
return {clock[1] * 1000000 + clock[2], found}
"""
