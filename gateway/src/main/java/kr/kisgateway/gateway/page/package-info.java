/**
 * The page that the gateway serves: files of the module {@code dashboard}, which were built and compressed with the program. They
 * are the same for everybody and contain no data; what the page shows it reads from the API, as any other program does.
 */
@NullMarked
package kr.kisgateway.gateway.page;

import org.jspecify.annotations.NullMarked;
