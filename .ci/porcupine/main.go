// Reads histories of a counter, a JSON object a line, and prints for each whether it is linearizable, as Porcupine decides:
// `true`, `false`, or `undecided` where the time was too short.
//
// The model is written from the words of compare/exactness/history.ts, not from the rules of the checker that it judges.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"log"
	"math"
	"os"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/anishathalye/porcupine"
)

const timePerHistory = 20 * time.Second

// The largest value of any counter, and so the limit of an increment without one: 2^53-1.
const largestValue = 1<<53 - 1

type history struct {
	Start      int64       `json:"start"`
	Operations []operation `json:"operations"`
	OwnReplays bool        `json:"ownReplays"`
	Sharded    bool        `json:"sharded"`
}

// Times are strings of decimal digits, as they are larger than JSON's numbers are exact.
type operation struct {
	InvokedAt   int64  `json:"invokedAt,string"`
	CompletedAt int64  `json:"completedAt,string"`
	Max         *int64 `json:"max"`
	By          *int64 `json:"by"`
	Key         string `json:"key"`
	Result      result `json:"result"`
}

type result struct {
	Status   string `json:"status"`
	Counter  *int64 `json:"counter"`
	Replayed *bool  `json:"replayed"`
}

func (o operation) limit() int64 {
	if o.Max == nil {
		return largestValue
	}
	return *o.Max
}

func (o operation) step() int64 {
	if o.By == nil {
		return 1
	}
	return *o.By
}

// counter is a counter's value, which of a sharded one is how many values are taken, the values that keys have counted with,
// such as "a=1 b=2", and those that are taken of a sharded one, such as "1 4".
type counter struct {
	value int64
	keys  string
	taken string
}

// counterOf is a counter that an increment adds its step to where that leaves it no higher than the increment's limit, and
// once for its key. A sharded one hands out any value that is left up to the limit.
func counterOf(h history) porcupine.Model {
	model := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{counter{value: h.Start}} },
		Step: func(state, input, output interface{}) []interface{} {
			var next []interface{}
			for _, after := range stepWithKey(state.(counter), input.(operation), output.(result), h) {
				next = append(next, after)
			}
			return next
		},
	}
	return model.ToModel()
}

// stepWithKey gives the counters that may be there after an operation: one whose key has counted is a replay.
func stepWithKey(before counter, called operation, got result, h history) []counter {
	if called.Key != "" {
		if known, hasCounted := before.valueOf(called.Key); hasCounted {
			isReplay := got.Status == "incremented" && *got.Counter == known && (got.Replayed == nil || *got.Replayed)
			if isReplay || got.Status == "unknown" || got.Status == "not-applied" {
				return []counter{before}
			}
			return nil
		}
		if got.Status == "incremented" && got.Replayed != nil && *got.Replayed && !h.OwnReplays {
			return nil
		}
	}
	if h.Sharded {
		return stepOfShard(before, called, got, h)
	}
	var after []counter
	for _, value := range step(before.value, called.limit(), called.step(), got) {
		keys := before.keys
		if called.Key != "" && value > before.value {
			keys = with(keys, called.Key, value)
		}
		after = append(after, counter{value: value, keys: keys})
	}
	return after
}

// stepOfShard gives the counters that may be there after an operation on one that is spread over shards. Values that nobody was
// told are alike: of them the lowest is taken.
func stepOfShard(before counter, called operation, got result, h history) []counter {
	isTaken := map[int64]bool{}
	for _, each := range strings.Fields(before.taken) {
		value, _ := strconv.ParseInt(each, 10, 64)
		isTaken[value] = true
	}
	take := func(value int64) counter {
		keys := before.keys
		if called.Key != "" {
			keys = with(keys, called.Key, value)
		}
		all := append(strings.Fields(before.taken), strconv.FormatInt(value, 10))
		sort.Strings(all)
		return counter{before.value + 1, keys, strings.Join(all, " ")}
	}
	// Which values are taken at the start isn't known: as many fewer are left.
	isLeft := func(value int64) bool {
		return before.value < called.limit() && value >= 1 && value <= called.limit() && !isTaken[value]
	}
	switch got.Status {
	case "incremented":
		if isLeft(*got.Counter) {
			return []counter{take(*got.Counter)}
		}
	case "limit-reached":
		if before.value == called.limit() && (got.Counter == nil || *got.Counter == before.value) {
			return []counter{before}
		}
	case "read":
		if *got.Counter == before.value {
			return []counter{before}
		}
	case "not-applied":
		return []counter{before}
	case "unknown":
		after := []counter{before}
		isTold := map[int64]bool{}
		for _, o := range h.Operations {
			if o.Result.Status == "incremented" {
				isTold[*o.Result.Counter] = true
				if isLeft(*o.Result.Counter) {
					after = append(after, take(*o.Result.Counter))
				}
			}
		}
		for value := int64(1); value <= called.limit(); value++ {
			if isLeft(value) && !isTold[value] {
				return append(after, take(value))
			}
		}
		return after
	default:
		log.Fatalf("status %q is none of a history's", got.Status)
	}
	return nil
}

func (c counter) valueOf(key string) (int64, bool) {
	for _, each := range strings.Fields(c.keys) {
		if name, value, _ := strings.Cut(each, "="); name == key {
			known, err := strconv.ParseInt(value, 10, 64)
			return known, err == nil
		}
	}
	return 0, false
}

// with adds a key in the order of their names, so that equal counters compare as equal.
func with(keys, key string, value int64) string {
	all := append(strings.Fields(keys), fmt.Sprintf("%s=%d", key, value))
	sort.Strings(all)
	return strings.Join(all, " ")
}

// step gives the values that the counter may have after an operation; none where it can't have had its result.
func step(value, limit, by int64, got result) []int64 {
	isBelow := by <= limit && value <= limit-by
	switch got.Status {
	case "incremented":
		if isBelow && *got.Counter == value+by {
			return []int64{value + by}
		}
	case "limit-reached":
		if !isBelow && (got.Counter == nil || *got.Counter == value) {
			return []int64{value}
		}
	case "read":
		if *got.Counter == value {
			return []int64{value}
		}
	case "not-applied":
		return []int64{value}
	case "unknown":
		if isBelow {
			return []int64{value, value + by}
		}
		return []int64{value}
	default:
		log.Fatalf("status %q is none of a history's", got.Status)
	}
	return nil
}

func verdict(h history) string {
	operations := make([]porcupine.Operation, 0, len(h.Operations))
	for _, o := range h.Operations {
		returned := o.CompletedAt
		if o.Result.Status == "unknown" {
			returned = math.MaxInt64 // what its client gave up may still be applied
		}
		operations = append(operations, porcupine.Operation{Input: o, Call: o.InvokedAt, Output: o.Result, Return: returned})
	}
	switch porcupine.CheckOperationsTimeout(counterOf(h), operations, timePerHistory) {
	case porcupine.Ok:
		return "true"
	case porcupine.Illegal:
		return "false"
	default:
		return "undecided"
	}
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var h history
		if err := json.Unmarshal(lines.Bytes(), &h); err != nil {
			log.Fatal(err)
		}
		fmt.Println(verdict(h))
	}
	if err := lines.Err(); err != nil {
		log.Fatal(err)
	}
}
