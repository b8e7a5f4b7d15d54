// SPDX-License-Identifier: Apache-2.0
pragma solidity ^0.8.30;

import {ArenaToken} from "../../src/ArenaToken.sol";
import {IArenaToken} from "../../src/interfaces/IArenaToken.sol";
import {IRewardDistributor} from "../../src/interfaces/IRewardDistributor.sol";
import {RewardDistributor} from "../../src/RewardDistributor.sol";
import {Cheats} from "../foundry/Test.sol";
import {Merkle} from "../support/Merkle.sol";

/// @title Settles epochs well and badly, in any order with claims, funds and guards, beside a model of what should be.
contract DistributorHandler is Cheats {
    uint64 public constant EPOCH = 1 hours;
    uint256 public constant EMISSION = 1000 ether;
    /// @dev The cap leaves twelve epochs' emission, so that runs meet it.
    uint256 public constant GENESIS_SUPPLY = 1e9 ether - 12 * EMISSION;
    ArenaToken public immutable TOKEN = new ArenaToken(address(this), address(this), GENESIS_SUPPLY);
    RewardDistributor public immutable DISTRIBUTOR;
    address[] public accounts;

    /// @dev The model: sums, the epoch that comes next, and the pending root.
    uint256 public activated;
    uint256 public minted;
    uint256 public funded;
    uint64 private _next;
    bool private _waiting;
    uint64 private _activeAt;
    uint256 private _waitingTotal;
    /// @dev Trees of the root submitted last and of the active one, and what they grant.
    bytes32[] private _nodes;
    bytes32[] private _activeNodes;
    mapping(address account => uint256) private _earned;
    mapping(address account => uint256) private _granted;

    /// @dev Calls that went as they should, by name.
    mapping(string name => uint256) public done;
    /// @dev What went otherwise than it should.
    string public slip;

    constructor() {
        DISTRIBUTOR = new RewardDistributor(address(this), TOKEN, uint64(block.timestamp), EPOCH, EMISSION, 30 minutes);
        TOKEN.setDistributor(address(DISTRIBUTOR));
        TOKEN.approve(address(DISTRIBUTOR), type(uint256).max);
        DISTRIBUTOR.grantRole(DISTRIBUTOR.SUBMITTER_ROLE(), address(this));
        DISTRIBUTOR.grantRole(DISTRIBUTOR.GUARDIAN_ROLE(), address(this));
        for (uint256 i = 1; i <= 4; i++) {
            accounts.push(vm.addr(i));
        }
    }

    /// @dev An honest root: what the active one grants and more, to the last wei that can be paid or less. Now and then
    /// epochs are left out.
    function submit(uint256 epochs, uint256[4] calldata parts, uint256 use) external {
        uint64 epoch = _next + (epochs % 3 == 0 ? 1 : 0);
        if (!_ready(epoch)) return;
        uint256 room = _room(epoch);
        if (use % 3 != 0) room = bound(use, 0, room);
        uint256 total = activated + room;
        uint256[] memory amounts = new uint256[](4);
        uint256 granted;
        for (uint256 i = 0; i < 4; i++) {
            granted += _granted[accounts[i]];
        }
        // After a lie that was active more may be granted than the total says: then the root only carries it on.
        room = granted > total ? 0 : total - granted;
        for (uint256 i = 0; i < 4; i++) {
            uint256 part = i == 3 ? room : bound(parts[i], 0, room);
            room -= part;
            amounts[i] = _granted[accounts[i]] + part;
        }
        _submit(epoch, amounts, total);
        done["submit"]++;
    }

    /// @dev A root that grants more than its total says. Guards see most in time; the others pay no more than it.
    function submitLie(uint256 by) external {
        if (!_ready(_next)) return;
        uint256[] memory amounts = new uint256[](4);
        for (uint256 i = 0; i < 4; i++) {
            amounts[i] = _granted[accounts[i]] + bound(by, 1, by % 32 == 0 ? 1e30 : 100 ether);
        }
        _submit(_next, amounts, activated + (by % 8 < 6 ? 0 : bound(by, 0, _room(_next))));
        done["lie"]++;
        if (by % 3 != 0) return disable();
        vm.warp(_activeAt);
        for (uint256 i = 0; i < 4; i++) {
            claim(i);
        }
    }

    /// @dev More than the schedule and the funds, or the cap, allow, often by a wei; or less than was granted.
    function submitTooMuch(uint256 by) external {
        if (!_ready(_next)) return;
        uint256 most = activated + _room(_next);
        uint256 total = most + (by % 4 == 1 ? 1 : bound(by, 1, type(uint256).max - most));
        if (by % 2 == 0 && activated != 0) total = by % activated;
        try DISTRIBUTOR.submitRoot(_next, keccak256("greed"), total, bytes32(0), "") {
            slip = "a root that can't be paid was accepted";
        } catch (bytes memory reason) {
            if (bytes4(reason) == IArenaToken.CapExceeded.selector) done["beyond the cap"]++;
            if (bytes4(reason) == IRewardDistributor.EmissionExceeded.selector) done["beyond the schedule"]++;
            if (bytes4(reason) == IRewardDistributor.TotalFell.selector) done["a fall"]++;
        }
        _sync();
    }

    /// @dev A pending root stands in the way of others, and keeps its clock.
    function submitTooEarly() external {
        if (!_waiting) return;
        uint256 end = DISTRIBUTOR.GENESIS() + (uint256(_next) + 1) * EPOCH;
        if (vm.getBlockTimestamp() < end) vm.warp(end);
        if (vm.getBlockTimestamp() >= _activeAt) return;
        try DISTRIBUTOR.submitRoot(_next, keccak256("early"), _waitingTotal, bytes32(0), "") {
            slip = "two roots are pending";
        } catch {
            done["second root refused"]++;
        }
        if (DISTRIBUTOR.rootOf(_next - 1).activeAt != _activeAt) slip = "a clock was restarted";
    }

    function disable() public {
        if (_next == 0) return;
        bool may = _waiting && vm.getBlockTimestamp() < _activeAt;
        try DISTRIBUTOR.disableRoot(_next - 1) {
            if (!may) slip = "a root was disabled too late";
            _waiting = false;
            done["disable"]++;
        } catch {
            if (may) slip = "a pending root was not disabled";
            done["disable refused"]++;
        }
    }

    /// @dev A due root always activates, whatever was called in between.
    function activate(uint256 wait) external {
        if (_waiting && wait % 2 == 0 && vm.getBlockTimestamp() < _activeAt) vm.warp(_activeAt);
        bool due = _turn();
        try DISTRIBUTOR.activate() {
            if (!due) slip = "a root was activated before its time";
            done["activate"]++;
        } catch {
            if (due) slip = "an activation is stuck";
        }
    }

    function claim(uint256 who) public {
        _turn();
        if (_activeNodes.length == 0) return;
        address account = accounts[who % 4];
        uint256 grant = _granted[account];
        uint256 before = DISTRIBUTOR.claimedBy(account);
        bytes32[] memory proof = Merkle.proofOf(_activeNodes, Merkle.leafOf(account, grant));
        try DISTRIBUTOR.claim(account, grant, proof) returns (uint256 paid) {
            if (paid == 0 || paid != grant - before) slip = "a claim paid another amount";
            done["claim"]++;
        } catch (bytes memory reason) {
            if (bytes4(reason) == IRewardDistributor.TotalExceeded.selector) done["lie contained"]++;
            else if (grant > before) slip = "a claim was refused";
            else done["claim refused"]++;
        }
        _sync();
    }

    /// @dev Leaves that the active root does not have.
    function claimFalsely(uint256 who, uint256 more) external {
        _turn();
        _sync();
        if (_activeNodes.length == 0) return;
        address account = accounts[who % 4];
        uint256 grant = _granted[account];
        bytes32[] memory proof = Merkle.proofOf(_activeNodes, Merkle.leafOf(account, grant));
        try DISTRIBUTOR.claim(account, grant + bound(more, 1, 1e40), proof) {
            slip = "a false amount was paid";
        } catch {
            done["false claim refused"]++;
        }
        try DISTRIBUTOR.claim(address(uint160(bound(more, 1, 1e40))), grant, proof) {
            slip = "a false account was paid";
        } catch {}
    }

    function fund(uint256 task, uint256 amount) external {
        amount = amount % 5 == 0 ? 0 : bound(amount, 0, EMISSION);
        DISTRIBUTOR.fund(uint64(task), amount);
        funded += amount;
        done["fund"]++;
    }

    /// @dev Delays longer than an epoch let the next one end while a root is pending.
    function setDelay(uint256 delay) external {
        DISTRIBUTOR.setActivationDelay(uint64(bound(delay, 0, 2 hours)));
    }

    function pass(uint256 time) external {
        skip(bound(time, 1, 2 hours));
    }

    /// @dev Whether a root for the epoch can be submitted; time passes to the epoch's end.
    function _ready(uint64 epoch) private returns (bool) {
        uint256 end = DISTRIBUTOR.GENESIS() + (uint256(epoch) + 1) * EPOCH;
        if (vm.getBlockTimestamp() < end) vm.warp(end);
        _turn();
        return !_waiting;
    }

    function _submit(uint64 epoch, uint256[] memory amounts, uint256 total) private {
        for (uint256 i = 0; i < 4; i++) {
            _earned[accounts[i]] = amounts[i];
        }
        _nodes = Merkle.treeOf(accounts, amounts);
        try DISTRIBUTOR.submitRoot(epoch, _nodes[0], total, bytes32(0), "") {
            _next = epoch + 1;
            _waiting = true;
            _activeAt = DISTRIBUTOR.rootOf(epoch).activeAt;
            _waitingTotal = total;
        } catch {
            slip = "a root that can be paid was refused";
        }
    }

    /// @dev The model activates what is due.
    function _turn() private returns (bool due) {
        due = _waiting && vm.getBlockTimestamp() >= _activeAt;
        if (!due) return false;
        uint256 has = minted + funded;
        if (_waitingTotal > has) minted += _waitingTotal - has;
        activated = _waitingTotal;
        _waiting = false;
        _activeNodes = _nodes;
        for (uint256 i = 0; i < 4; i++) {
            _granted[accounts[i]] = _earned[accounts[i]];
        }
    }

    /// @dev A call that was refused took its activation back: the contract catches up with the model.
    function _sync() private {
        (bool exists,) = DISTRIBUTOR.pending();
        if (!exists || _waiting) return;
        try DISTRIBUTOR.activate() {}
        catch {
            slip = "an activation is stuck";
        }
    }

    /// @dev What a root of this epoch may grant beyond the active one.
    function _room(uint64 epoch) private view returns (uint256) {
        uint256 left = TOKEN.CAP() - GENESIS_SUPPLY - minted;
        uint256 allowed = DISTRIBUTOR.emittedBy(epoch) - minted;
        return (left < allowed ? left : allowed) + funded + minted - activated;
    }
}
