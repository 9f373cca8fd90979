-- A browser and its client, again and again: authorization request, login, consent, code, tokens.
-- Each connection has a thread of its own, so that an answer belongs to the request before it.
local threads, step, flows = {}, "authorize", 0
local cookies, hidden, code = {}, "", ""
flows_done, failed = 0, ""

function setup(thread) table.insert(threads, thread) end

local function escaped(text)
  return (text:gsub("[^%w%-%._~]", function(char) return string.format("%%%02X", char:byte()) end))
end

local function cookie_header()
  local parts = {}
  for name, value in pairs(cookies) do parts[#parts + 1] = name .. "=" .. value end
  return table.concat(parts, "; ")
end

local function post(path, body)
  return wrk.format("POST", ISSUER .. path, {
    ["Host"] = HOST, ["Content-Type"] = "application/x-www-form-urlencoded", ["Cookie"] = cookie_header(),
  }, body)
end

function request()
  if step == "authorize" then
    cookies = {}
    return wrk.format("GET", ISSUER .. "/authorize?" .. QUERY, {["Host"] = HOST})
  elseif step == "login" then
    return post("/login", "username=alice&password=alice&transaction=" .. escaped(hidden))
  elseif step == "consent" then
    return post("/consent", "decision=allow&scope=openid&scope=mcp%3Aread&transaction=" .. escaped(hidden))
  end
  return post("/token", TOKEN .. "&code=" .. escaped(code))
end

local function field(body)
  local _, before = body:find('name="transaction" value="', 1, true)
  return body:sub(before + 1, body:find('"', before + 1, true) - 1)
end

function response(status, headers, body)
  local kept = headers["set-cookie"] or headers["Set-Cookie"]
  if kept then
    local name, value = kept:match("^([^=]+)=([^;]*)")
    cookies[name] = value
  end
  if step == "authorize" and status == 200 then
    hidden, step = field(body), "login"
  elseif step == "login" and status == 200 then
    hidden, step = field(body), "consent"
  elseif step == "consent" and status == 303 then
    code = (headers["location"] or headers["Location"]):match("[?&]code=([^&]+)")
    step = "token"
  elseif step == "token" and status == 200 and body:find('"id_token"', 1, true) then
    flows_done = flows_done + 1
    step = "authorize"
  else
    failed = step .. " " .. status .. " " .. body:sub(1, 300)
    step = "authorize"
  end
end

function done()
  local total = 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("flows_done")
    if thread:get("failed") ~= "" then io.write("FAILED " .. thread:get("failed") .. "\n") end
  end
  io.write("STEPS " .. total .. "\n")
end
