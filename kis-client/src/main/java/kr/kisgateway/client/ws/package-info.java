/** WebSockets in KIS's form: text both ways, no extensions. */
@NullMarked
package kr.kisgateway.client.ws;

import org.jspecify.annotations.NullMarked;
