/* Between the stage and the words of its scripts. */
#ifndef JINGDA_SCENARIO_WORDS_H
#define JINGDA_SCENARIO_WORDS_H

#include "scenario/stage.h"

void stage_tell(struct stage *stage, const char *format, ...) __attribute__((format(printf, 2, 3)));
void stage_pass(struct stage *stage, uint32_t ms);
void stage_core_start(struct stage *stage);
void stage_core_kill(struct stage *stage);
void stage_edge_start(struct stage *stage, uint8_t index);
void stage_edge_kill(struct stage *stage, uint8_t index);

#endif
