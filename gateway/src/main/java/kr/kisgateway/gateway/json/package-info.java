/**
 * Writing JSON. {@link kr.kisgateway.gateway.json.JsonBuffer} is the one encoder of everything the gateway answers or
 * streams: field order is the order of the calls, numbers are exact, and no value is converted to a binary float. It
 * depends on no framework. Reading is {@code gateway.http.RequestBody}, because only edges read.
 */
@NullMarked
package kr.kisgateway.gateway.json;

import org.jspecify.annotations.NullMarked;
