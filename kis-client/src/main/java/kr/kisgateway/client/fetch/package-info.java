/**
 * Fetches one document from a web server, bounded in time and in size, over verified TLS: the master files and the
 * exchange's Open API. Nothing here interprets the bytes, and no message contains a header. The
 * tables packaged with other packages are read here, too.
 */
@NullMarked
package kr.kisgateway.client.fetch;

import org.jspecify.annotations.NullMarked;
