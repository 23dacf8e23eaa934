package vouchers

// LoginsAtOnce is how many first logins share a transaction.
const LoginsAtOnce = loginsAtOnce
