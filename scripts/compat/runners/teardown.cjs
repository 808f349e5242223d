module.exports = require('./setup.cjs').teardown
