/** The stream: requests of clients and messages of the gateway. */
@NullMarked
package kr.kisgateway.api.stream;

import org.jspecify.annotations.NullMarked;
