-- A client that refreshes again and again, each connection with a refresh token of its own.
local threads = {}
rotations, failed, token = 0, "", ""

function setup(thread)
  table.insert(threads, thread)
  thread:set("token", TOKENS[#threads])
end

function request()
  return wrk.format("POST", ISSUER .. "/token", {
    ["Host"] = HOST, ["Content-Type"] = "application/x-www-form-urlencoded",
  }, TOKEN .. "&refresh_token=" .. token)
end

function response(status, headers, body)
  local successor = status == 200 and body:match('"refresh_token": ?"([^"]+)"')
  if successor then
    token, rotations = successor, rotations + 1
  else
    failed = status .. " " .. body:sub(1, 300)
  end
end

function done()
  local total = 0
  for _, thread in ipairs(threads) do
    total = total + thread:get("rotations")
    if thread:get("failed") ~= "" then io.write("FAILED " .. thread:get("failed") .. "\n") end
  end
  io.write("STEPS " .. total .. "\n")
end
