// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ArenaStaking} from "../../src/ArenaStaking.sol";
import {ArenaToken} from "../../src/ArenaToken.sol";
import {IArenaStaking} from "../../src/interfaces/IArenaStaking.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {TaskRegistry} from "../../src/TaskRegistry.sol";
import {VoteEscrow} from "../../src/VoteEscrow.sol";
import {Test} from "../foundry/Test.sol";
import {SystemHandler} from "./system/SystemHandler.sol";
import {World} from "./system/World.sol";

/// @title What must hold of the whole system, whatever anybody does in whichever order.
contract SystemInvariants is Test {
    SystemHandler private handler;
    ArenaToken private token;
    VoteEscrow private escrow;
    TaskRegistry private registry;
    ArenaStaking private staking;
    RewardDistributor private distributor;

    function setUp() external {
        _begin();
        targetContract(address(handler));
        targetSelector(address(handler), _actions());
    }

    /// @dev One campaign for all rules: forge would run one for each function.
    function invariant_TheSystemKeepsItsRules() external view {
        _checkAll();
    }

    function _checkNoActionFoundABrokenRule() private view {
        assertEq(handler.broken(), "");
    }

    /// @dev gm tokens: the staking's balance, its books, what came in and went, and each owner's part agree.
    function _checkStakingHoldsWhatItsBooksSay() private view {
        (uint256 actors, uint256 seats, uint256 links,) = handler.counts();
        uint256[] memory parts = new uint256[](actors);
        uint256 books;
        for (uint256 i = 0; i < seats; ++i) {
            (uint64 task, uint8 role, address operator) = handler.seats(i);
            uint256 own = staking.stakeOf(0, task, role, operator);
            books += own;
            parts[_indexOf(operator)] += own;
        }
        for (uint256 i = 0; i < links; ++i) {
            (World.Seat memory at, address account) = handler.links(i);
            uint256 held = _held(at, account);
            books += held;
            parts[_indexOf(account)] += held;
        }
        assertEq(escrow.balanceOf(address(staking)), books, "the sum of the books");
        assertEq(books, handler.gmIn() - handler.gmOut() - handler.gmBurned(), "what came in and went");
        for (uint256 i = 0; i < actors; ++i) {
            assertEq(escrow.heldFor(address(staking), handler.actors(i)), parts[i], "each owner's part");
        }
    }

    /// @dev A pool is the sum of its delegations, and its cases are those that are open on it.
    function _checkPoolsAreTheSumOfTheirDelegations() private view {
        (, uint256 seats,,) = handler.counts();
        for (uint256 i = 0; i < seats; ++i) {
            (uint64 task, uint8 role, address operator) = handler.seats(i);
            _checkPool(World.Seat(task, role, operator));
        }
    }

    /// @dev gm: minted by locks, burned by unlocks and slashes of the very owner; locks hold the tokens.
    function _checkGmIsWhatTheLocksGrant() private view {
        (uint256 actors,,,) = handler.counts();
        (uint256 gmTotal, uint256 lockedTotal) = (0, 0);
        for (uint256 i = 0; i < actors; ++i) {
            address actor = handler.actors(i);
            (uint256 locked, uint256 gm) = escrow.lockedOf(actor);
            uint256 left = handler.gmMinted(actor) - handler.gmUnlocked(actor) - handler.gmSlashed(actor);
            assertEq(gm, left, "gm of an owner");
            assertEq(escrow.getVotes(actor), gm, "votes stay with the owner");
            assertEq(escrow.balanceOf(actor) + escrow.heldFor(address(staking), actor), gm, "free or staked");
            gmTotal += gm;
            lockedTotal += locked;
        }
        assertEq(escrow.totalSupply(), gmTotal, "supply of gm");
        assertEq(token.balanceOf(address(escrow)), lockedTotal, "tokens of the locks");
    }

    /// @dev A bounty is in escrow until its task ends, and paid or refunded then.
    function _checkBountiesAreInEscrowPaidOrRefunded() private view {
        uint256 live;
        for (uint64 task = 1; task <= handler.taskCount(); ++task) {
            uint256 bounty = registry.taskOf(task).bounty;
            live += bounty;
            if (registry.endedAt(task) != 0) assertEq(bounty, 0, "an ended task holds nothing");
        }
        assertEq(token.balanceOf(address(registry)), live, "what is in escrow");
        uint256 gone = handler.bountiesPaid() + handler.bountiesRefunded();
        assertEq(handler.bountiesIn(), live + gone, "what came in");
    }

    /// @dev All tokens are somewhere; the distributor was given exactly the bounties and the slashed stake.
    function _checkTokensAreConserved() private view {
        (, uint256 minted, uint256 funded, uint256 claimed) = distributor.totals();
        (address admin, address tasks, address reporter) = handler.bystanders();
        assertEq(funded, handler.bountiesPaid() + handler.slashPaid(), "what funds the pots");
        assertEq(token.balanceOf(reporter), handler.reporterPaid(), "the reporter's shares");
        assertLe(claimed, minted + funded, "claims");
        assertEq(token.balanceOf(address(distributor)), minted + funded - claimed, "the distributor's tokens");
        assertEq(token.balanceOf(address(staking)), 0, "the staking keeps no tokens");
        assertEq(token.totalSupply(), 500_000_000 ether + minted, "supply");
        assertLe(token.totalSupply(), token.CAP(), "cap");
        uint64 epoch = (uint64(vm.getBlockTimestamp()) - distributor.GENESIS()) / distributor.EPOCH_LENGTH();
        assertLe(minted, distributor.emittedBy(epoch), "schedule");
        uint256 sum = token.balanceOf(admin) + token.balanceOf(tasks) + token.balanceOf(reporter)
            + token.balanceOf(address(escrow)) + token.balanceOf(address(registry))
            + token.balanceOf(address(distributor));
        (uint256 actors,,,) = handler.counts();
        for (uint256 i = 0; i < actors; ++i) {
            sum += token.balanceOf(handler.actors(i));
        }
        assertEq(sum, token.totalSupply(), "nothing is lost");
    }

    /// @dev The invariants would hold of a system in which nothing happens: these walks show that all of it does.
    function test_TheActionsReachEveryPath() external {
        string[29] memory paths = [
            "pass",
            "create",
            "raise",
            "advance",
            "extend",
            "cancel",
            "cancelAbandoned",
            "refunded",
            "bounty paid",
            "lock",
            "unlock",
            "stake",
            "unstake",
            "delegate",
            "undelegate",
            "withdraw",
            "setCut",
            "steal",
            "accuse",
            "dismiss",
            "slash",
            "slashDelegator",
            "slashed in cool-down",
            "closed by the last",
            "two cases",
            "tune",
            "submitRoot",
            "disableRoot",
            "claim"
        ];
        uint256[29] memory times;
        for (uint256 walk = 0; walk < 24; ++walk) {
            _begin();
            _walk(keccak256(abi.encode(walk)));
            _checkAll();
            for (uint256 i = 0; i < paths.length; ++i) {
                times[i] += handler.reached(paths[i]);
            }
        }
        for (uint256 i = 0; i < paths.length; ++i) {
            assertGt(times[i], 4, paths[i]);
        }
    }

    function _begin() private {
        handler = new SystemHandler();
        (address t, address e, address r, address s, address d) = handler.contractsOf();
        (token, escrow, registry) = (ArenaToken(t), VoteEscrow(e), TaskRegistry(r));
        (staking, distributor) = (ArenaStaking(s), RewardDistributor(d));
    }

    function _checkAll() private view {
        _checkNoActionFoundABrokenRule();
        _checkStakingHoldsWhatItsBooksSay();
        _checkPoolsAreTheSumOfTheirDelegations();
        _checkGmIsWhatTheLocksGrant();
        _checkBountiesAreInEscrowPaidOrRefunded();
        _checkTokensAreConserved();
    }

    /// @dev 512 random actions; what reverts did nothing.
    function _walk(bytes32 seed) private {
        bytes4[] memory actions = _actions();
        for (uint256 i = 0; i < 512; ++i) {
            bytes32 a = keccak256(abi.encode(seed, i));
            bytes32 b = keccak256(abi.encode(a));
            bytes memory arguments = abi.encode(a, b, keccak256(abi.encode(b)), keccak256(abi.encode(a, b)));
            bytes4 action = actions[uint256(b) % actions.length];
            (bool done,) = address(handler).call(abi.encodePacked(action, arguments));
            done;
        }
    }

    function _checkPool(World.Seat memory at) private view {
        IArenaStaking.Pool memory pool = staking.poolOf(0, at.task, at.role, at.operator);
        IArenaStaking.Pool memory sum;
        (,, uint256 links, uint256 cases) = handler.counts();
        for (uint256 i = 0; i < links; ++i) {
            (World.Seat memory other, address account) = handler.links(i);
            if (!_same(at, other)) continue;
            IArenaStaking.Delegation memory d = staking.delegationOf(0, at.task, at.role, account, at.operator);
            sum.delegated += d.amount;
            sum.pending += d.pending;
            if (d.amount + d.pending > 0) sum.delegators++;
        }
        for (uint256 i = 0; i < cases; ++i) {
            IArenaStaking.Case memory c = staking.caseOf(handler.caseIds(i));
            if (!_same(at, World.Seat(c.task, c.role, c.account))) continue;
            bool open = c.status == IArenaStaking.CaseStatus.Open || c.status == IArenaStaking.CaseStatus.Slashing;
            if (open) sum.openCases++;
        }
        assertEq(pool.delegated, sum.delegated, "delegated");
        assertEq(pool.pending, sum.pending, "pending");
        assertEq(pool.delegators, sum.delegators, "delegators");
        assertEq(pool.openCases, sum.openCases, "open cases");
    }

    function _same(World.Seat memory a, World.Seat memory b) private pure returns (bool) {
        return a.task == b.task && a.role == b.role && a.operator == b.operator;
    }

    function _held(World.Seat memory at, address account) private view returns (uint256) {
        IArenaStaking.Delegation memory d = staking.delegationOf(0, at.task, at.role, account, at.operator);
        return uint256(d.amount) + d.pending;
    }

    function _indexOf(address actor) private view returns (uint256 i) {
        while (handler.actors(i) != actor) i++;
    }

    function _actions() private view returns (bytes4[] memory actions) {
        bytes4[28] memory all = [
            handler.pass.selector,
            handler.pass.selector,
            handler.create.selector,
            handler.raise.selector,
            handler.advance.selector,
            handler.advance.selector,
            handler.extend.selector,
            handler.cancel.selector,
            handler.cancelAbandoned.selector,
            handler.lock.selector,
            handler.lock.selector,
            handler.unlock.selector,
            handler.stake.selector,
            handler.stake.selector,
            handler.unstake.selector,
            handler.delegate.selector,
            handler.delegate.selector,
            handler.undelegate.selector,
            handler.withdraw.selector,
            handler.setCut.selector,
            handler.steal.selector,
            handler.accuse.selector,
            handler.dismiss.selector,
            handler.slash.selector,
            handler.slashDelegator.selector,
            handler.tune.selector,
            handler.submitRoot.selector,
            handler.claim.selector
        ];
        actions = new bytes4[](29);
        for (uint256 i = 0; i < 28; ++i) {
            actions[i] = all[i];
        }
        actions[28] = handler.disableRoot.selector;
    }
}
