// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

// Deployed as OpenZeppelin wrote it; named here so that the build holds its bytecode.
import {TimelockController} from "@openzeppelin/contracts/governance/TimelockController.sol";
