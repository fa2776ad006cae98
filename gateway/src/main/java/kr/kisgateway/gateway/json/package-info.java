/**
 * Writing JSON. Answers and messages are records of {@code kr.kisgateway.api}, which {@code ApiJson} writes; {@link
 * kr.kisgateway.gateway.json.ApiValues} and {@link kr.kisgateway.gateway.json.Dollars} give their values the API's form.
 * {@link kr.kisgateway.gateway.json.JsonBuffer} writes quotes, ticks and bars by hand, in the same form: field order is the
 * order of the calls, numbers are exact, and no value is converted to a binary float. Reading is {@code
 * gateway.http.RequestBody}, because only edges read.
 */
@NullMarked
package kr.kisgateway.gateway.json;

import org.jspecify.annotations.NullMarked;
