/** Writing and reading the records as JSON. */
@NullMarked
package kr.kisgateway.api.json;

import org.jspecify.annotations.NullMarked;
