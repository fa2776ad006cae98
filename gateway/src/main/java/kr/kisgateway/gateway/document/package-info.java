/** Small documents that are replaced completely with each change, in a file or, where gateways share a database, in a row. */
@NullMarked
package kr.kisgateway.gateway.document;

import org.jspecify.annotations.NullMarked;
