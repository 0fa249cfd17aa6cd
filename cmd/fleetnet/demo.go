package main

import "github.com/urfave/cli/v2"

func (a *app) demoCommand() *cli.Command { return &cli.Command{Name: "demo"} }
