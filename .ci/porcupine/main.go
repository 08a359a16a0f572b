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
	"time"

	"github.com/anishathalye/porcupine"
)

const timePerHistory = 20 * time.Second

// The largest value of any counter, and so the limit of an increment without one: 2^53-1.
const largestValue = 1<<53 - 1

type history struct {
	Start      int64       `json:"start"`
	Operations []operation `json:"operations"`
}

// Times are strings of decimal digits, as they are larger than JSON's numbers are exact.
type operation struct {
	InvokedAt   int64  `json:"invokedAt,string"`
	CompletedAt int64  `json:"completedAt,string"`
	Max         *int64 `json:"max"`
	Result      result `json:"result"`
}

type result struct {
	Status  string `json:"status"`
	Counter *int64 `json:"counter"`
}

func (o operation) limit() int64 {
	if o.Max == nil {
		return largestValue
	}
	return *o.Max
}

// counterFrom is a counter that an increment adds one to while it is below the increment's limit.
func counterFrom(start int64) porcupine.Model {
	model := porcupine.NondeterministicModel{
		Init: func() []interface{} { return []interface{}{start} },
		Step: func(state, input, output interface{}) []interface{} {
			var next []interface{}
			for _, value := range step(state.(int64), input.(operation).limit(), output.(result)) {
				next = append(next, value)
			}
			return next
		},
	}
	return model.ToModel()
}

// step gives the values that the counter may have after an operation; none where it can't have had its result.
func step(value, limit int64, got result) []int64 {
	isBelow := value < limit
	switch got.Status {
	case "incremented":
		if isBelow && *got.Counter == value+1 {
			return []int64{value + 1}
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
			return []int64{value, value + 1}
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
	switch porcupine.CheckOperationsTimeout(counterFrom(h.Start), operations, timePerHistory) {
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
