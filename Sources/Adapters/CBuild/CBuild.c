// SPDX-License-Identifier: Apache-2.0
#include "CBuild.h"

#ifndef COMITY_TAG
#define COMITY_TAG ""
#endif
#ifndef COMITY_COMMIT
#define COMITY_COMMIT ""
#endif

const char *comity_build_tag(void) { return COMITY_TAG; }
const char *comity_build_commit(void) { return COMITY_COMMIT; }
